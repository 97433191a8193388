/** The epoch, the newest sequence number and what KV holds. The epoch rises with every flip and lift, and never falls. */
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
