/**
 * Keys of one kind, the newest first. Each signs from its time until the next one's, is known before and kept for a
 * while after, so that nothing is refused while one replaces another. No clock: the caller says when it is.
 */
import { KEY_TIMES, keyTime } from "./key-times.ts";
import type { KeyKind } from "./key-times.ts";

export interface DatedKey<Key> {
  /** UTC milliseconds; 0 for the first. */
  readonly from: number;
  readonly key: Key;
}

export type KeyRing<Key> = readonly DatedKey<Key>[];

/** The one that signs at a time. Where all are for later, a clock is wrong, and the first of them signs. */
export function signingKey<Key>(ring: KeyRing<Key>, at: number): Key {
  const found = ring[signingPlace(ring, at)];
  if (found === undefined) throw new Error("a deployment has at least one key of each kind");
  return found.key;
}

/** The one that signs first, then all that did before it. */
export function signedSoFar<Key>(ring: KeyRing<Key>, at: number): readonly Key[] {
  return ring.slice(signingPlace(ring, at)).map(({ key }) => key);
}

/** Those that verify: the one that signs first, then the one before it while that is kept, then those to come. */
export function verifyingKeys<Key>(kind: KeyKind, ring: KeyRing<Key>, now: number): readonly Key[] {
  const place = signingPlace(ring, now);
  const current = ring[place];
  const kept = current !== undefined && now < current.from + KEY_TIMES[kind].kept_after * 1000;
  const previous = kept ? ring.slice(place + 1, place + 2) : [];
  return [...ring.slice(place, place + 1), ...previous, ...ring.slice(0, place)].map(({ key }) => key);
}

function signingPlace<Key>(ring: KeyRing<Key>, at: number): number {
  const place = ring.findIndex(({ from }) => from <= at);
  return place < 0 ? ring.length - 1 : place;
}

/**
 * What stands under the names of one kind's secrets, the newest first.
 * @param env Bindings by name: `NAME` is the first key, `NAME_1795252800` one that signs from that second on.
 */
export function secretsOf(kind: KeyKind, env: object): KeyRing<unknown> {
  return Object.entries(env)
    .flatMap(([name, key]: [string, unknown]) => {
      const from = keyTime(kind, name);
      return from === null ? [] : [{ from: from * 1000, key }];
    })
    .toSorted((a, b) => b.from - a.from);
}
