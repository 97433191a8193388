/** How long something took, counted in buckets: decisions, and records on their way to the ledger. */
import { rows } from "../../rows.ts";
import { HAND_OVER_BOUNDS, LATENCY_BOUNDS } from "../../rpc.ts";
import type { Latencies } from "../../rpc.ts";

/** `bucket` is the place among the bounds; the one behind the last has none. */
export const HISTOGRAMS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS latencies (bucket INTEGER PRIMARY KEY, count INTEGER NOT NULL, sum INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS hand_overs (bucket INTEGER PRIMARY KEY, count INTEGER NOT NULL, sum INTEGER NOT NULL);
`;

const BOUNDS = { latencies: LATENCY_BOUNDS, hand_overs: HAND_OVER_BOUNDS } as const;

export type Histogram = keyof typeof BOUNDS;

/** @param times Milliseconds. Clocks of two machines may differ: less than nothing is nothing. */
export function tallyTimes(sql: SqlStorage, histogram: Histogram, times: readonly number[]): void {
  const took = times.map((ms) => Math.max(0, Math.round(ms)));
  const buckets = Map.groupBy(took, (ms) => bucketOf(histogram, ms));
  const query = `INSERT INTO ${histogram} (bucket, count, sum) VALUES (?1, ?2, ?3)
    ON CONFLICT (bucket) DO UPDATE SET count = count + ?2, sum = sum + ?3`;
  for (const [bucket, all] of buckets) {
    const sum = all.reduce((one, other) => one + other, 0);
    sql.exec(query, bucket, all.length, sum);
  }
}

function bucketOf(histogram: Histogram, ms: number): number {
  const found = BOUNDS[histogram].findIndex((bound) => ms <= bound);
  return found < 0 ? BOUNDS[histogram].length : found;
}

export function readHistogram(sql: SqlStorage, histogram: Histogram): Latencies {
  const counts = [...BOUNDS[histogram], 0].map(() => 0);
  let sum = 0;
  for (const row of rows<{ bucket: number; count: number; sum: number }>(sql, `SELECT * FROM ${histogram}`)) {
    counts[row.bucket] = row.count;
    sum += row.sum;
  }
  return { counts, sum };
}
