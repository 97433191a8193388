/**
 * Every admitted action of the tree: for `session did`, for its outcome, and for what is usual. Of the arguments only a
 * MAC for each is kept: enough to tell equal from different, and nothing that erasing a person's data would have to find.
 */
import { argumentsMac } from "../../records/seal-record.ts";
import { nowReads } from "../../remembered-reads.ts";
import { firstRow } from "../../rows.ts";

/** `status`, `digest` and `labels` are null until its outcome is reported. */
export const ADMITTED_SCHEMA = `
  CREATE TABLE IF NOT EXISTS admissions (
    seq INTEGER PRIMARY KEY, decision TEXT NOT NULL UNIQUE, session TEXT NOT NULL, agent TEXT NOT NULL,
    action TEXT NOT NULL, at INTEGER NOT NULL, fields TEXT NOT NULL, status TEXT, digest TEXT, labels TEXT
  );
  CREATE INDEX IF NOT EXISTS admissions_action ON admissions (action, at);
  CREATE TABLE IF NOT EXISTS used_told (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL);
`;

export interface Admission {
  /** Number of the decision's record. */
  readonly seq: number;
  readonly decision: string;
  readonly session: string;
  readonly agent: string;
  readonly action: string;
  readonly at: number;
}

type Fields = { readonly [name: string]: string };

/** @param args what the engine's `canonicalArgs` gives */
export function noteAdmitted(sql: SqlStorage, key: string, admission: Admission, args: string): void {
  const oldest = untoldSince(sql) ?? admission.at;
  const { seq, decision, session, agent, action, at } = admission;
  sql.exec(
    "INSERT INTO admissions (seq, decision, session, agent, action, at, fields) VALUES (?, ?, ?, ?, ?, ?, ?)",
    seq,
    decision,
    session,
    agent,
    action,
    at,
    JSON.stringify(fieldsOf(key, args)),
  );
  nowReads(sql, OLDEST_UNTOLD, [toldUpTo(sql)], [{ at: oldest }]);
}

function fieldsOf(key: string, args: string): Fields {
  const values = Object.entries(JSON.parse(args) as { readonly [name: string]: unknown });
  return Object.fromEntries(values.map(([name, value]) => [name, argumentsMac(key, JSON.stringify(value))]));
}

/**
 * Was the action admitted, with these arguments equal, within so long?
 * @param question `same` as in the remainder: canonical JSON of an object by argument name, or null
 */
export function wasAdmitted(
  sql: SqlStorage,
  key: string,
  question: { readonly action: string; readonly same: string | null; readonly within: number | null },
  now: number,
): boolean {
  const since = question.within === null ? -1 : now - question.within;
  const rows = sql
    .exec<{ fields: string }>("SELECT fields FROM admissions WHERE action = ? AND at >= ?", question.action, since)
    .toArray();
  if (question.same === null) return rows.length > 0;
  const wanted = Object.entries(fieldsOf(key, question.same));
  return rows.some((row) => {
    const fields = JSON.parse(row.fields) as Fields;
    return wanted.every(([name, mac]) => fields[name] === mac);
  });
}

/** When the oldest was admitted of which its agent wasn't told; null: there is none. */
export function untoldSince(sql: SqlStorage): number | null {
  return firstRow<{ at: number }>(sql, OLDEST_UNTOLD, toldUpTo(sql))?.at ?? null;
}

const OLDEST_UNTOLD = "SELECT at FROM admissions WHERE seq > ? ORDER BY seq LIMIT 1";

/** Agents were told of those up to this number. */
export function toldUpTo(sql: SqlStorage): number {
  return firstRow<{ seq: number }>(sql, "SELECT seq FROM used_told")?.seq ?? 0;
}
