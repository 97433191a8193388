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
  const left = counts.map(({ limit, buckets }) => ({ limit, buckets: forgetOldBuckets(sql, limit, buckets, now) }));
  const after = left.map(({ limit, buckets }) => {
    const bucket = bucketAt(limit, at);
    const isOver = limit.window !== null && countsUntil(bucket, limit.window) <= now;
    return { limit, buckets, written: isOver ? null : addTo(buckets, bucket, limit.amount) };
  });
  writeBuckets(
    sql,
    after.flatMap(({ limit, written }) => (written === null ? [] : [{ ...limit, ...written }])),
  );
  for (const { limit, buckets, written } of after)
    nowReads(sql, BUCKETS, [limit.counter, limit.key], written === null ? buckets : withBucket(buckets, written));
}

/** Takes back what `addCount` added at `at`; of a bucket that is already forgotten there is nothing to take back. */
export function takeBack(sql: SqlStorage, limit: Counted, amount: bigint, at: number): void {
  const buckets = readBuckets(sql, limit);
  const bucket = bucketAt(limit, at);
  if (buckets.some((one) => one.bucket === bucket))
    writeBuckets(sql, [{ ...limit, ...addTo(buckets, bucket, -amount) }]);
}

function bucketAt(limit: Counted, at: number): number {
  return limit.window === null ? 0 : bucketOf(at, limit.window);
}

function addTo(buckets: readonly Bucket[], bucket: number, change: bigint): Bucket {
  const amount = BigInt(buckets.find((one) => one.bucket === bucket)?.amount ?? "0") + change;
  if (amount < 0n) throw new Error("a count would fall below zero");
  return { bucket, amount: amount.toString() };
}

function withBucket(buckets: readonly Bucket[], written: Bucket): readonly Bucket[] {
  const others = buckets.filter(({ bucket }) => bucket !== written.bucket);
  return [...others, written].toSorted((a, b) => a.bucket - b.bucket);
}

/** In one statement: they stand side by side, and each statement costs. */
function writeBuckets(sql: SqlStorage, written: readonly (Counted & Bucket)[]): void {
  for (let from = 0; from < written.length; from += AT_ONCE) {
    const some = written.slice(from, from + AT_ONCE);
    const places = some.map(() => "(?, ?, ?, ?, ?)").join(", ");
    const values = some.flatMap(({ counter, key, bucket, window, amount }) => [counter, key, bucket, window, amount]);
    sql.exec(`INSERT OR REPLACE INTO counts (counter, key, bucket, window, amount) VALUES ${places}`, ...values);
  }
}

/** A statement has at most 100 parameters: https://developers.cloudflare.com/durable-objects/platform/limits/ */
const AT_ONCE = 20;

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
