/** Work of which one run at a time is enough: whoever calls while it runs joins that run. */
export function joined<Args extends readonly unknown[]>(
  work: (...args: Args) => Promise<void>,
): (...args: Args) => Promise<void> {
  let running: Promise<void> | null = null;
  return (...args) =>
    (running ??= work(...args).finally(() => {
      running = null;
    }));
}
