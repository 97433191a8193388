/**
 * A union of patterns as one automaton, simulated bit by bit: bit i of a state says that the pieces before i have been
 * taken. States are plain big integers, so that several automata make a product whose state is their texts joined.
 */
import type { Pieces } from "./pieces.ts";

export interface Automaton {
  readonly start: bigint;
  readonly step: (state: bigint, char: string) => bigint;
  readonly accepts: (state: bigint) => boolean;
  /** Characters that some piece names: all others are alike. */
  readonly chars: ReadonlySet<string>;
}

interface Masks {
  readonly chars: Map<string, bigint>;
  one: bigint;
  oneWithin: bigint;
  run: bigint;
  runWithin: bigint;
  first: bigint;
  last: bigint;
}

export function automatonOf(union: readonly Pieces[]): Automaton {
  const masks = masksOf(union);
  const runs = masks.run | masks.runWithin;
  const close = (state: bigint): bigint => {
    for (let before = state; ; before = state) {
      state |= (state & runs) << 1n;
      if (state === before) return state;
    }
  };
  return {
    start: close(masks.first),
    accepts: (state) => (state & masks.last) !== 0n,
    chars: new Set(masks.chars.keys()),
    step: (state, char) => {
      const inside = char !== "/";
      const taken = (masks.chars.get(char) ?? 0n) | masks.one | (inside ? masks.oneWithin : 0n);
      const kept = masks.run | (inside ? masks.runWithin : 0n);
      return close(((state & taken) << 1n) | (state & kept));
    },
  };
}

/** The pieces of all patterns one behind the other, each pattern with a last bit that nothing leaves. */
function masksOf(union: readonly Pieces[]): Masks {
  const masks: Masks = { chars: new Map(), one: 0n, oneWithin: 0n, run: 0n, runWithin: 0n, first: 0n, last: 0n };
  let bit = 1n;
  for (const pieces of union) {
    masks.first |= bit;
    for (const piece of pieces) {
      if (piece.kind === "char") masks.chars.set(piece.char, (masks.chars.get(piece.char) ?? 0n) | bit);
      else if (piece.kind === "one") masks[piece.within ? "oneWithin" : "one"] |= bit;
      else masks[piece.within ? "runWithin" : "run"] |= bit;
      bit <<= 1n;
    }
    masks.last |= bit;
    bit <<= 1n;
  }
  return masks;
}
