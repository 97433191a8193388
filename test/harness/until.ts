/** Tests wait for what another process does, however long that takes on a busy machine, and never for a time. */

export interface Looking {
  /** Milliseconds after which it is taken for what never comes; a test ends half a minute after its beginning. */
  readonly longest?: number;
  /** Milliseconds between two looks: a session may be asked twenty times a second. */
  readonly between?: number;
}

/** Looks until it has come to pass. @param what is told where it never does. */
export async function until(
  what: string,
  met: () => boolean | Promise<boolean>,
  { longest = 25_000, between = 60 }: Looking = {},
): Promise<void> {
  const end = performance.now() + longest;
  while (!(await met())) {
    if (performance.now() > end) throw new Error(`it didn't come to pass: ${what}`);
    await new Promise((next) => setTimeout(next, between));
  }
}
