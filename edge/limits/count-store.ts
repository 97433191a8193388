/**
 * Counts of admitted actions and sums, in SQL. All of it is synchronous: a check and the spending that rests on it
 * belong in one transaction.
 */
import { bucketOf, countsUntil } from "../../engine/index.ts";
import type { LimitRow, Usage } from "../../engine/index.ts";
import { rows } from "../rows.ts";
import { usageOf } from "./window-usage.ts";

/** Amounts are decimal text: they may be wider than the 53 bits that come back from an integer column unharmed. */
export const COUNTS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS counts (
    counter TEXT NOT NULL, key TEXT NOT NULL, bucket INTEGER NOT NULL, window INTEGER, amount TEXT NOT NULL,
    PRIMARY KEY (counter, key, bucket)
  ) WITHOUT ROWID;
`;

type Counted = Pick<LimitRow, "counter" | "key" | "window">;

export function readUsage(sql: SqlStorage, limit: LimitRow, now: number): Usage {
  const buckets = readBuckets(sql, limit).map(({ bucket, amount }) => ({ bucket, amount: BigInt(amount) }));
  return usageOf(limit, buckets, now);
}

/** All that is stored of a count, the oldest first: by one statement, which is remembered over a decision. */
function readBuckets(sql: SqlStorage, { counter, key }: Counted): readonly { bucket: number; amount: string }[] {
  const query = "SELECT bucket, amount FROM counts WHERE counter = ? AND key = ? ORDER BY bucket";
  return rows<{ bucket: number; amount: string }>(sql, query, counter, key);
}

/**
 * Adds to the bucket of `at`, and forgets buckets of the same count that no longer matter at `now`. One that no longer
 * matters isn't made again: it would lack what was forgotten with it, and taking that back would find too little.
 */
export function addCount(sql: SqlStorage, limit: Counted, amount: bigint, at: number, now: number): void {
  forgetOldBuckets(sql, limit, now);
  const bucket = bucketAt(limit, at);
  if (limit.window !== null && countsUntil(bucket, limit.window) <= now) return;
  writeBucket(sql, limit, bucket, amount);
}

/** Takes back what `addCount` added at `at`; of a bucket that is already forgotten there is nothing to take back. */
export function takeBack(sql: SqlStorage, limit: Counted, amount: bigint, at: number): void {
  if (readBucket(sql, limit, bucketAt(limit, at)) === null) return;
  writeBucket(sql, limit, bucketAt(limit, at), -amount);
}

function bucketAt(limit: Counted, at: number): number {
  return limit.window === null ? 0 : bucketOf(at, limit.window);
}

function readBucket(sql: SqlStorage, limit: Counted, bucket: number): bigint | null {
  const row = readBuckets(sql, limit).find((one) => one.bucket === bucket);
  return row === undefined ? null : BigInt(row.amount);
}

function writeBucket(sql: SqlStorage, limit: Counted, bucket: number, change: bigint): void {
  const amount = (readBucket(sql, limit, bucket) ?? 0n) + change;
  if (amount < 0n) throw new Error("a count would fall below zero");
  sql.exec(
    "INSERT OR REPLACE INTO counts (counter, key, bucket, window, amount) VALUES (?, ?, ?, ?, ?)",
    limit.counter,
    limit.key,
    bucket,
    limit.window,
    amount.toString(),
  );
}

function forgetOldBuckets(sql: SqlStorage, limit: Counted, now: number): void {
  const { counter, key, window } = limit;
  if (window === null) return;
  const past = readBuckets(sql, limit).findLast(({ bucket }) => countsUntil(bucket, window) <= now);
  if (past === undefined) return;
  sql.exec("DELETE FROM counts WHERE counter = ? AND key = ? AND bucket <= ?", counter, key, past.bucket);
}
