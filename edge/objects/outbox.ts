/**
 * What a session still has to tell others. Rows are written in the transaction that made them true and removed when
 * the other side has confirmed them; the alarm tries again what a crash or a cut left behind.
 */

import type { Holder, Link } from "../rpc.ts";
import { isRootId } from "../ids.ts";
import { firstRow, rows } from "../rows.ts";

export const OUTBOX_SCHEMA = `
  CREATE TABLE IF NOT EXISTS parcels (
    id INTEGER PRIMARY KEY AUTOINCREMENT, holder TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
    at INTEGER NOT NULL, due INTEGER NOT NULL, tries INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS parcel_sessions (parcel INTEGER PRIMARY KEY, session TEXT NOT NULL);
`;

/**
 * `subject` is a reservation, an approval, how the session ended, why it froze itself, or JSON: what breakers count
 * (`happened`), what was used (`used`), a switch that a breaker flips (`trip`).
 */
export type ParcelKind =
  | "opened"
  | "confirm"
  | "release"
  | "asked"
  | "resolved"
  | "reopened"
  | "ended"
  | "freeze"
  | "happened"
  | "used"
  | "trip";

export interface Parcel {
  readonly id: number;
  /** Which of the tree it is about; null: the root. */
  readonly session: string | null;
  /** Empty: the object of the root's agent. */
  readonly holder: Holder | "";
  readonly kind: ParcelKind;
  readonly subject: string;
  readonly at: number;
  readonly tries: number;
}

const FIRST_RETRY = 1_000;
const LAST_RETRY = 60_000;
/** More would not fit well into one call. */
const BATCH = 200;

/** @param of the session that it is about. @param holder null: the object of the session's own agent */
export function post(
  sql: SqlStorage,
  of: Link,
  kind: ParcelKind,
  subject: string,
  now: number,
  holder: Holder | null = null,
): void {
  const below = !isRootId(of.session);
  sql.exec(
    "INSERT INTO parcels (holder, kind, subject, at, due, tries) VALUES (?, ?, ?, ?4, ?5, 0)",
    holder ?? (below ? `agent ${of.agent}` : ""),
    kind,
    subject,
    now,
    now + FIRST_RETRY,
  );
  if (below) sql.exec("INSERT INTO parcel_sessions (parcel, session) VALUES (last_insert_rowid(), ?)", of.session);
}

/** Oldest first, whether due or not. */
export function parcels(sql: SqlStorage): readonly Parcel[] {
  return rows<Parcel>(sql, `${SELECT} ORDER BY id LIMIT ?`, BATCH);
}

export function delivered(sql: SqlStorage, sent: readonly Parcel[]): void {
  for (const parcel of sent) {
    sql.exec("DELETE FROM parcels WHERE id = ?", parcel.id);
    if (parcel.session !== null) sql.exec("DELETE FROM parcel_sessions WHERE parcel = ?", parcel.id);
  }
}

export function undelivered(sql: SqlStorage, sent: readonly Parcel[], now: number): void {
  for (const parcel of sent) {
    const due = now + Math.min(LAST_RETRY, FIRST_RETRY * 2 ** Math.min(parcel.tries, 10));
    sql.exec("UPDATE parcels SET tries = tries + 1, due = ? WHERE id = ?", due, parcel.id);
  }
}

/** Null when there is nothing to tell. */
export function nextDue(sql: SqlStorage): number | null {
  return firstRow<{ due: number }>(sql, "SELECT due FROM parcels ORDER BY due LIMIT 1")?.due ?? null;
}

export function findParcel(sql: SqlStorage, kind: ParcelKind, subject: string): Parcel | null {
  return firstRow<Parcel>(sql, `${SELECT} WHERE kind = ? AND subject = ?`, kind, subject);
}

/** No record below this number is told again, of those that breakers or usual rates are told of; 0: none waits. */
export function settledBelow(sql: SqlStorage): number {
  const query = `SELECT min(json_extract(subject, '$.seq')) AS seq FROM parcels WHERE kind IN ('happened', 'used')`;
  return sql.exec<{ seq: number | null }>(query).one().seq ?? 0;
}

const SELECT = `SELECT id, session, holder, kind, subject, at, tries
  FROM parcels LEFT JOIN parcel_sessions ON parcel = id`;
