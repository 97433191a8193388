/** Numbers that look random and are the same for the same seed, so that every input can be made again. */

export interface Random {
  /** A whole number from 0 up to, and without, `below`. */
  below: (below: number) => number;
  /** One of these. */
  pick: <T>(items: readonly T[]) => T;
  /** True about once in so many times. */
  once: (times: number) => boolean;
}

/** Mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error("there is nothing to pick from");
      return item;
    },
    once: (times) => below(times) === 0,
  };
}
