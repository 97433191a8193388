/** What objects do in the background, such as telling each other, has come to pass once a test has looked often enough. */
import { vi } from "vitest";

/** More than any machine takes: only what never comes to pass gets here. */
const LOOKS = 400;
/** A session may be asked twenty times a second. */
const BETWEEN = 55;

/**
 * Looks until nothing is thrown any more, as `vi.waitFor` does, but for longer than the second after which that gives
 * up: a busy machine may take that. A clock that the test has set goes on meanwhile.
 */
export async function eventually<T>(look: () => T | Promise<T>): Promise<T> {
  for (let looks = 1; ; looks += 1) {
    try {
      return await look();
    } catch (error) {
      if (looks === LOOKS) throw error;
      await scheduler.wait(BETWEEN);
      if (vi.isFakeTimers()) vi.setSystemTime(Date.now() + BETWEEN);
    }
  }
}
