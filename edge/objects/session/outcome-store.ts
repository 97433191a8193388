/** Every admitted action of the tree, and what became of it. */
import { firstRow, rows } from "../../rows.ts";
import { nowReads } from "../../remembered-reads.ts";

export const OUTCOMES_SCHEMA = `
  CREATE TABLE IF NOT EXISTS outcomes (
    seq INTEGER PRIMARY KEY, decision TEXT NOT NULL UNIQUE, session TEXT NOT NULL, agent TEXT NOT NULL,
    action TEXT NOT NULL, at INTEGER NOT NULL, status TEXT, digest TEXT, labels TEXT
  );
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

export interface Outcome {
  readonly status: "ok" | "error";
  readonly digest: string | null;
  /** Sorted. */
  readonly labels: readonly string[];
}

export function expectOutcome(sql: SqlStorage, { seq, decision, session, agent, action, at }: Admission): void {
  const oldest = untoldSince(sql) ?? at;
  sql.exec(
    "INSERT INTO outcomes (seq, decision, session, agent, action, at) VALUES (?, ?, ?, ?, ?, ?)",
    seq,
    decision,
    session,
    agent,
    action,
    at,
  );
  nowReads(sql, OLDEST_UNTOLD, [toldUpTo(sql)], [{ at: oldest }]);
}

/** Null where no such action was admitted. `outcome` null: nothing was reported yet. */
export function readOutcome(
  sql: SqlStorage,
  decision: string,
): (Admission & { readonly outcome: Outcome | null }) | null {
  const row = firstRow<Admission & { status: Outcome["status"] | null; digest: string | null; labels: string | null }>(
    sql,
    "SELECT seq, decision, session, agent, action, at, status, digest, labels FROM outcomes WHERE decision = ?",
    decision,
  );
  if (row === null) return null;
  const { status, digest, labels, ...admission } = row;
  const outcome = status === null ? null : { status, digest, labels: JSON.parse(labels ?? "[]") as readonly string[] };
  return { ...admission, outcome };
}

export function writeOutcome(sql: SqlStorage, decision: string, { status, digest, labels }: Outcome): void {
  sql.exec(
    "UPDATE outcomes SET status = ?, digest = ?, labels = ? WHERE decision = ?",
    status,
    digest,
    JSON.stringify(labels),
    decision,
  );
}

export interface Used {
  readonly agent: string;
  readonly action: string;
  /** Whole hours since 1970. */
  readonly hour: number;
  readonly calls: number;
  readonly at: number;
  readonly seq: number;
}

/** Admitted since the agents were last told. */
export function untoldUse(sql: SqlStorage): readonly Used[] {
  return rows<Used>(
    sql,
    `SELECT agent, action, at / 3600000 AS hour, count(*) AS calls, max(at) AS at, max(seq) AS seq
     FROM outcomes WHERE seq > ? GROUP BY 1, 2, 3 ORDER BY 1, 3, 2`,
    toldUpTo(sql),
  );
}

/** When the oldest of them was admitted; null: there is none. */
export function untoldSince(sql: SqlStorage): number | null {
  return firstRow<{ at: number }>(sql, OLDEST_UNTOLD, toldUpTo(sql))?.at ?? null;
}

const OLDEST_UNTOLD = "SELECT at FROM outcomes WHERE seq > ? ORDER BY seq LIMIT 1";

export function noteUseTold(sql: SqlStorage, seq: number): void {
  sql.exec("INSERT OR REPLACE INTO used_told (id, seq) VALUES (1, ?)", seq);
}

function toldUpTo(sql: SqlStorage): number {
  return firstRow<{ seq: number }>(sql, "SELECT seq FROM used_told")?.seq ?? 0;
}
