/** Waiting without end is failing open in slow motion: callers would time out and guess. */

export class DeadlinePassed extends Error {
  constructor() {
    super("another object took too long to answer");
  }
}

/** @throws DeadlinePassed when the promise isn't settled within `ms`; its late outcome is passed over */
export async function withDeadline<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlinePassed()), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    promise.catch(() => undefined);
  }
}
