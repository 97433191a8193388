/** What breakers count, in SQL, in buckets of their windows. All of it runs inside a transaction. */
import { bucketOf, countsUntil } from "../../engine/index.ts";
import { firstRow, rows } from "../rows.ts";
import type { Tally } from "./tally-window.ts";

export const TALLIES_SCHEMA = `
  CREATE TABLE IF NOT EXISTS tallies (
    counter TEXT NOT NULL, key TEXT NOT NULL, bucket INTEGER NOT NULL, times INTEGER NOT NULL, until INTEGER NOT NULL,
    PRIMARY KEY (counter, key, bucket)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS tallies_until ON tallies (until);
  CREATE TABLE IF NOT EXISTS fresh_counts (counter TEXT PRIMARY KEY, since INTEGER NOT NULL) WITHOUT ROWID;
`;

/** What is told so much later than it happened still meets all that was counted around it. */
const LATE = 10 * 60_000;
/** As long as the longest window. */
const LONGEST = 366 * 24 * 60 * 60_000;

/** What of one breaker is counted by itself: failed and done, or each action. */
export interface Counted {
  readonly counter: string;
  readonly key: string;
  readonly within: number;
}

export function addTally(sql: SqlStorage, { counter, key, within }: Counted, at: number): void {
  const bucket = bucketOf(at, within);
  sql.exec(
    `INSERT INTO tallies (counter, key, bucket, times, until) VALUES (?, ?, ?, 1, ?)
     ON CONFLICT (counter, key, bucket) DO UPDATE SET times = times + 1`,
    counter,
    key,
    bucket,
    countsUntil(bucket, within) + LATE,
  );
}

export function readTallies(sql: SqlStorage, { counter, key }: Omit<Counted, "within">): readonly Tally[] {
  return rows<Tally>(
    sql,
    "SELECT bucket, times FROM tallies WHERE counter = ? AND key = ? ORDER BY bucket",
    counter,
    key,
  );
}

/** From then on the breaker counts anew: what happened before doesn't count any more, however late it is told. */
export function countAnew(sql: SqlStorage, counter: string, since: number): void {
  sql.exec("DELETE FROM tallies WHERE counter = ?", counter);
  sql.exec(
    `INSERT INTO fresh_counts (counter, since) VALUES (?1, ?2)
     ON CONFLICT (counter) DO UPDATE SET since = max(since, ?2)`,
    counter,
    since,
  );
}

export function countsSince(sql: SqlStorage, counter: string): number {
  const row = firstRow<{ since: number }>(sql, "SELECT since FROM fresh_counts WHERE counter = ?", counter);
  return row?.since ?? 0;
}

/** Not between the parts of one message: what comes very late is at least counted with what comes with it. */
export function forgetTallies(sql: SqlStorage, now: number): void {
  sql.exec("DELETE FROM tallies WHERE until <= ?", now);
  sql.exec("DELETE FROM fresh_counts WHERE since <= ?", now - LONGEST - LATE);
}
