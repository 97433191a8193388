/** Those who wait for an approval to change, in memory: a restart wakes nobody, and they ask again. */

export interface Waiters {
  /** Settles when the approval changes, or after `ms`. */
  wait(approval: string, ms: number): Promise<void>;
  wake(approval: string): void;
  readonly count: number;
}

export function createWaiters(): Waiters {
  const waiting = new Map<string, Set<() => void>>();
  return {
    wait: (approval, ms) =>
      new Promise((resolve) => {
        const each = waiting.get(approval) ?? new Set();
        waiting.set(approval, each);
        const timer = setTimeout(done, ms);
        function done() {
          clearTimeout(timer);
          each.delete(done);
          if (each.size === 0) waiting.delete(approval);
          resolve();
        }
        each.add(done);
      }),
    wake: (approval) => {
      for (const done of waiting.get(approval) ?? []) done();
    },
    get count() {
      return [...waiting.values()].reduce((sum, each) => sum + each.size, 0);
    },
  };
}
