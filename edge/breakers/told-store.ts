/**
 * What sessions told, each once however often it arrives, and what it came to: a message whose answer got lost gets the
 * same one again. In a transaction.
 */
import { firstRow } from "../rows.ts";
import type { Trip } from "../rpc.ts";

export const TOLD_SCHEMA = `
  CREATE TABLE IF NOT EXISTS told (
    session TEXT NOT NULL, kind TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, trips TEXT NOT NULL,
    PRIMARY KEY (session, kind, seq)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS told_at ON told (at);
`;

/** Nothing is told again so much later. */
const KEPT = 30 * 24 * 60 * 60_000;

type Kind = "happened" | "used";

/** Null: it wasn't told before. */
export function toldBefore(sql: SqlStorage, session: string, kind: Kind, seq: number): readonly Trip[] | null {
  const row = firstRow<{ trips: string }>(
    sql,
    "SELECT trips FROM told WHERE session = ? AND kind = ? AND seq = ?",
    session,
    kind,
    seq,
  );
  return row === null ? null : (JSON.parse(row.trips) as readonly Trip[]);
}

export function noteTold(
  sql: SqlStorage,
  session: string,
  kind: Kind,
  seq: number,
  trips: readonly Trip[],
  now: number,
): void {
  sql.exec(
    "INSERT INTO told (session, kind, seq, at, trips) VALUES (?, ?, ?, ?, ?)",
    session,
    kind,
    seq,
    now,
    JSON.stringify(trips),
  );
}

/** @param settled the session will tell nothing below it again */
export function forgetTold(sql: SqlStorage, session: string, settled: number, now: number): void {
  sql.exec("DELETE FROM told WHERE session = ? AND seq < ?", session, settled);
  sql.exec("DELETE FROM told WHERE at <= ?", now - KEPT);
}
