/** The epoch, the newest policy and what KV holds. The epoch rises with every flip and lift, and never falls. */
import { firstRow } from "../../rows.ts";

export interface BoardRow {
  readonly epoch: number;
  /** The highest sequence number that any caller had. */
  readonly sequence: number;
  readonly clock: number;
  /** The epoch of the document in KV; -1 before the first. */
  readonly published: number;
}

export function readBoard(sql: SqlStorage): BoardRow {
  const row = firstRow<BoardRow>(sql, "SELECT epoch, sequence, clock, published FROM board");
  if (row === null) throw new Error("the Switchboard has lost its epoch");
  return row;
}

export function learnSequence(sql: SqlStorage, sequence: number): void {
  sql.exec("UPDATE board SET sequence = ?1 WHERE sequence < ?1", sequence);
}

export function noteClock(sql: SqlStorage, now: number): void {
  sql.exec("UPDATE board SET clock = ?1 WHERE clock < ?1", now);
}

/** @returns the new epoch */
export function nextEpoch(sql: SqlStorage): number {
  return sql.exec<{ epoch: number }>("UPDATE board SET epoch = epoch + 1 RETURNING epoch").one().epoch;
}

export function notePublished(sql: SqlStorage, epoch: number): void {
  sql.exec("UPDATE board SET published = ?1 WHERE published < ?1", epoch);
}

/** Last + 1, or the last one again while the hash is the same: a restart is no deploy. */
export function sequenceFor(sql: SqlStorage, hash: string, now: number): number {
  const last = lastPolicy(sql);
  if (last?.hash === hash) return last.sequence;
  const sequence = (last?.sequence ?? 0) + 1;
  sql.exec("INSERT INTO policies (sequence, hash, at) VALUES (?, ?, ?)", sequence, hash, now);
  return sequence;
}

export function lastPolicy(sql: SqlStorage): { readonly sequence: number; readonly hash: string } | null {
  const row = sql
    .exec<{ sequence: number; hash: string }>("SELECT sequence, hash FROM policies ORDER BY sequence DESC LIMIT 1")
    .toArray()[0];
  return row ?? null;
}
