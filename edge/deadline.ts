/** Waiting without end is failing open in slow motion: callers would time out and guess. */

export class DeadlinePassed extends Error {
  constructor() {
    super("another object took too long to answer");
  }
}

/**
 * For calls to other objects. The answer is copied: what comes over RPC holds on to the object that gave it for as long
 * as it is passed on.
 * @throws DeadlinePassed when the promise isn't settled within `ms`; its late outcome is passed over
 */
export async function withDeadline<T extends object>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlinePassed()), ms);
  });
  try {
    return structuredClone(await Promise.race([promise, late]));
  } finally {
    clearTimeout(timer);
    promise.catch(() => undefined);
  }
}
