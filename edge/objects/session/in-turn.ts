/** Work of one name, one after the other: a retry waits for the first instead of racing it. In memory. */
export type InTurn = <T>(name: string, work: () => Promise<T>) => Promise<T>;

export function createInTurn(): InTurn {
  const running = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    for (let first; (first = running.get(name)) !== undefined; ) await first;
    const working = work();
    running.set(
      name,
      working.catch(() => undefined),
    );
    try {
      return await working;
    } finally {
      running.delete(name);
    }
  };
}
