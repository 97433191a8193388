/**
 * Records behind the last that is anchored of their log. New ones are within a minute, so one that was written long
 * before others that are anchored is none of those: it was put in, or kept from the ledger.
 */
import type { ChainHashes, LedgerProblem } from "./verify-ledger.ts";

export interface Unanchored {
  readonly session: string;
  readonly from: number;
  readonly to: number;
  /** When the first and the last of them say that they were written. */
  readonly written: readonly [string | null, string | null];
}

/** A session that can't reach the ledger tries again at least so often. */
const SOON = 10 * 60_000;

/** @param anchored the last anchored record of each log */
export function unanchoredOf(
  chains: ReadonlyMap<string, ChainHashes>,
  anchored: ReadonlyMap<string, number>,
): readonly Unanchored[] {
  return [...chains].flatMap(([session, { last, times }]) => {
    const held = anchored.get(session) ?? 0;
    if (last <= held) return [];
    return [{ session, from: held + 1, to: last, written: [times.get(held + 1) ?? null, times.get(last) ?? null] }];
  });
}

/** Those that the ledger should have by now, by the newest record that it has. */
export function overdueOf(
  unanchored: readonly Unanchored[],
  chains: ReadonlyMap<string, ChainHashes>,
  anchored: ReadonlyMap<string, number>,
): readonly LedgerProblem[] {
  const times = [...anchored].map(([session, seq]) => Date.parse(chains.get(session)?.times.get(seq) ?? ""));
  const newest = times.filter(Number.isFinite).reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  return unanchored.flatMap(({ session, from, to, written: [first] }) => {
    const isOverdue = first !== null && newest - Date.parse(first) > SOON;
    const what = `${from === to ? "is" : `and all up to ${to} are`} anchored nowhere, and the ledger has records that were written long after`;
    return isOverdue ? [{ shard: null, session, seq: from, what }] : [];
  });
}
