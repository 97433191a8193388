/**
 * Counts of admitted actions and sums, in SQL. All of it is synchronous: a check and the spending that rests on it
 * belong in one transaction.
 */
import { bucketOf, countsUntil } from "../../engine/index.ts";
import type { LimitRow, Usage } from "../../engine/index.ts";
import { rows } from "../rows.ts";
import { nowReads } from "../remembered-reads.ts";
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

type Bucket = { readonly bucket: number; readonly amount: string };

const BUCKETS = "SELECT bucket, amount FROM counts WHERE counter = ? AND key = ? ORDER BY bucket";

/** All that is stored of a count, the oldest first: by one statement, which is remembered over a decision. */
function readBuckets(sql: SqlStorage, { counter, key }: Counted): readonly Bucket[] {
  return rows<Bucket>(sql, BUCKETS, counter, key);
}

/**
 * Adds to the bucket of `at`, and forgets buckets of the same count that no longer matter at `now`. One that no longer
 * matters isn't made again: it would lack what was forgotten with it, and taking that back would find too little.
 */
export function addCount(sql: SqlStorage, limit: Counted, amount: bigint, at: number, now: number): void {
  addCounts(sql, [{ ...limit, amount }], at, now);
}

/** Of several counts, each of them once. */
export function addCounts(
  sql: SqlStorage,
  limits: readonly (Counted & { readonly amount: bigint })[],
  at: number,
  now: number,
): void {
  const counts = limits.map((limit) => ({ limit, buckets: readBuckets(sql, limit) }));
  const after = counts.map(({ limit, buckets }) => {
    const left = forgetOldBuckets(sql, limit, buckets, now);
    const bucket = bucketAt(limit, at);
    if (limit.window !== null && countsUntil(bucket, limit.window) <= now) return left;
    return writeBucket(sql, limit, left, bucket, limit.amount);
  });
  for (const [index, { counter, key }] of limits.entries()) nowReads(sql, BUCKETS, [counter, key], after[index] ?? []);
}

/** Takes back what `addCount` added at `at`; of a bucket that is already forgotten there is nothing to take back. */
export function takeBack(sql: SqlStorage, limit: Counted, amount: bigint, at: number): void {
  const buckets = readBuckets(sql, limit);
  const bucket = bucketAt(limit, at);
  if (buckets.some((one) => one.bucket === bucket)) writeBucket(sql, limit, buckets, bucket, -amount);
}

function bucketAt(limit: Counted, at: number): number {
  return limit.window === null ? 0 : bucketOf(at, limit.window);
}

/** @returns the buckets as they are then */
function writeBucket(
  sql: SqlStorage,
  { counter, key, window }: Counted,
  buckets: readonly Bucket[],
  bucket: number,
  change: bigint,
): readonly Bucket[] {
  const amount = BigInt(buckets.find((one) => one.bucket === bucket)?.amount ?? "0") + change;
  if (amount < 0n) throw new Error("a count would fall below zero");
  sql.exec(
    "INSERT OR REPLACE INTO counts (counter, key, bucket, window, amount) VALUES (?, ?, ?, ?, ?)",
    counter,
    key,
    bucket,
    window,
    amount.toString(),
  );
  const others = buckets.filter((one) => one.bucket !== bucket);
  return [...others, { bucket, amount: amount.toString() }].toSorted((a, b) => a.bucket - b.bucket);
}

/** @returns those that are left */
function forgetOldBuckets(
  sql: SqlStorage,
  { counter, key, window }: Counted,
  buckets: readonly Bucket[],
  now: number,
): readonly Bucket[] {
  const past = window === null ? undefined : buckets.findLast(({ bucket }) => countsUntil(bucket, window) <= now);
  if (past === undefined) return buckets;
  sql.exec("DELETE FROM counts WHERE counter = ? AND key = ? AND bucket <= ?", counter, key, past.bucket);
  return buckets.filter(({ bucket }) => bucket > past.bucket);
}
