/**
 * Which keys a rotation makes and which it lets go, by the seconds from which they sign; the first key's is 0. No clock,
 * no keys.
 */
import { KEY_TIMES } from "../../edge/key-times.ts";
import type { KeyKind } from "../../edge/key-times.ts";

export interface RotationInput {
  readonly kind: KeyKind;
  /** Of the keys that are there. */
  readonly present: readonly number[];
  /** UTC seconds. */
  readonly now: number;
  /** Seconds until the new key signs. */
  readonly lead: number;
  /** The current key has leaked: nothing that it signed counts any more. */
  readonly drop: boolean;
}

export type Rotation =
  | {
      readonly kind: "rotate";
      /** The last of them is the one that signs; one before it only takes the place of a key that must go. */
      readonly made: readonly number[];
      readonly removed: readonly number[];
    }
  /** Another rotation now would let a key go whose tokens still live. */
  | { readonly kind: "wait"; readonly until: number };

export function planRotation({ kind, present, now, lead, drop }: RotationInput): Rotation {
  const newest = Math.max(0, ...present);
  const { kept_after } = KEY_TIMES[kind];
  if (kept_after === Infinity) return keepAll(present, now, lead, drop);
  if (drop) return dropAll(present, now);
  const until = newest + kept_after;
  if (newest > 0 && now < until) return { kind: "wait", until };
  return {
    kind: "rotate",
    made: [Math.max(now + lead, newest + 1)],
    removed: present.filter((from) => from > 0 && from < newest),
  };
}

/** What every key signed counts for good; where one has leaked, a new first key takes the place of all. */
function keepAll(present: readonly number[], now: number, lead: number, drop: boolean): Rotation {
  if (drop) return { kind: "rotate", made: [0], removed: present.filter((from) => from > 0) };
  return { kind: "rotate", made: [Math.max(now + lead, Math.max(0, ...present) + 1)], removed: [] };
}

/** Two fresh keys, since the one before the current verifies too; the first of all stays, and is neither. */
function dropAll(present: readonly number[], now: number): Rotation {
  const signing = Math.max(0, ...present.filter((from) => from <= now));
  const filler = Math.max(now - 1, signing + 1);
  return { kind: "rotate", made: [filler, filler + 1], removed: present.filter((from) => from > 0) };
}
