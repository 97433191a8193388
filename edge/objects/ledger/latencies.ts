/** How long decisions took, in buckets: from the request's time at the Worker to the commit, by the clocks of both. */
import { rows } from "../../rows.ts";
import { LATENCY_BOUNDS } from "../../rpc.ts";
import type { Latencies } from "../../rpc.ts";

/** `bucket` is the place among the bounds; the one behind the last has none. */
export const LATENCIES_SCHEMA = `
  CREATE TABLE IF NOT EXISTS latencies (bucket INTEGER PRIMARY KEY, count INTEGER NOT NULL, sum INTEGER NOT NULL);
`;

/** @param ms Clocks of two machines may differ: less than nothing is nothing. */
export function tallyLatency(sql: SqlStorage, ms: number): void {
  const took = Math.max(0, Math.round(ms));
  const found = LATENCY_BOUNDS.findIndex((bound) => took <= bound);
  const bucket = found < 0 ? LATENCY_BOUNDS.length : found;
  const query = `INSERT INTO latencies (bucket, count, sum) VALUES (?1, 1, ?2)
    ON CONFLICT (bucket) DO UPDATE SET count = count + 1, sum = sum + ?2`;
  sql.exec(query, bucket, took);
}

export function readLatencies(sql: SqlStorage): Latencies {
  const counts = [...LATENCY_BOUNDS, 0].map(() => 0);
  let sum = 0;
  for (const row of rows<{ bucket: number; count: number; sum: number }>(sql, "SELECT * FROM latencies")) {
    counts[row.bucket] = row.count;
    sum += row.sum;
  }
  return { counts, sum };
}
