/** Trying again, bounded. Only for calls that the edge recognises as the same: an authorization by its request id. */
import { EdgeUnreachable } from "./errors.ts";

const ATTEMPTS = 4;
const FIRST_PAUSE = 150;

/** Repeats while the edge is unreachable, with pauses that double; then throws the last error. */
export async function withRetry<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof EdgeUnreachable) || !error.transient || count === ATTEMPTS) throw error;
      await pause(FIRST_PAUSE * 2 ** (count - 1), signal);
    }
  }
}

/** Rejects with the signal's reason when it fires. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
