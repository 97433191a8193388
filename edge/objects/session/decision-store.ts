/**
 * Every request that was decided by the rules, by the number of its record: the answer that a retry gets and, of an
 * admitted one, what `session did`, its outcome and what is usual need. One row for all of it, since each page of a
 * database that a decision touches is written out before its answer leaves.
 */
import { nowReads } from "../../remembered-reads.ts";
import { firstRow } from "../../rows.ts";

/** `fields` is null where nothing was admitted; `status`, `outcome` (a digest) and `labels` until that is reported. */
export const DECISIONS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS decisions (
    seq INTEGER PRIMARY KEY, request TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, answer TEXT NOT NULL,
    decision TEXT NOT NULL, session TEXT NOT NULL, agent TEXT NOT NULL, action TEXT NOT NULL, at INTEGER NOT NULL,
    fields TEXT, status TEXT, outcome TEXT, labels TEXT
  );
`;

export const USED_TOLD_SCHEMA = `
  CREATE TABLE IF NOT EXISTS used_told (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL);
`;

export interface Decided {
  /** Number of the decision's record. */
  readonly seq: number;
  readonly decision: string;
  readonly session: string;
  readonly agent: string;
  readonly action: string;
  readonly at: number;
}

export interface StoredDecision extends Decided {
  /** By what a retry is known. */
  readonly request: string;
  readonly digest: string;
  /** JSON. */
  readonly answer: string;
  /** JSON of a MAC for each argument (`argumentMacs`); null: nothing was admitted. */
  readonly fields: string | null;
}

const INSERT = `
  INSERT INTO decisions (seq, request, digest, answer, decision, session, agent, action, at, fields)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

export function storeDecision(sql: SqlStorage, stored: StoredDecision): void {
  const { seq, request, digest, answer, decision, session, agent, action, at, fields } = stored;
  const oldest = untoldSince(sql) ?? (fields === null ? null : at);
  sql.exec(INSERT, seq, request, digest, answer, decision, session, agent, action, at, fields);
  nowReads(sql, OLDEST_UNTOLD, [toldUpTo(sql)], oldest === null ? [] : [{ at: oldest }]);
}

/** When the oldest was admitted of which its agent wasn't told; null: there is none. */
export function untoldSince(sql: SqlStorage): number | null {
  return firstRow<{ at: number }>(sql, OLDEST_UNTOLD, toldUpTo(sql))?.at ?? null;
}

const OLDEST_UNTOLD = "SELECT at FROM decisions WHERE seq > ? AND fields IS NOT NULL ORDER BY seq LIMIT 1";

/** Agents were told of those up to this number. */
export function toldUpTo(sql: SqlStorage): number {
  return firstRow<{ seq: number }>(sql, "SELECT seq FROM used_told")?.seq ?? 0;
}

/**
 * An index that most sessions never need: made when it first is, and kept up by SQLite from then on. Without it the
 * answer is the same.
 * @param on its table, with the columns and, where it has one, the condition
 */
export function withIndex(sql: SqlStorage, name: string, on: string): void {
  if (firstRow(sql, INDEX, name) !== null) return;
  sql.exec(`CREATE INDEX IF NOT EXISTS ${name} ON ${on}`);
  nowReads(sql, INDEX, [name], [{ name }]);
}

/** Remembered like any other read, and forgotten with what is taken back. */
const INDEX = "SELECT name FROM sqlite_master WHERE type = 'index' AND name = ?";
