/**
 * How much of a limit is used, from counts in buckets of its window. No I/O, no clock.
 *
 * A bucket counts until the whole of it has left the window, so a request may be refused early by a part of one
 * bucket and never late.
 */
import { countsUntil } from "../../engine/index.ts";
import type { LimitRow, Usage } from "../../engine/index.ts";

export interface BucketCount {
  readonly bucket: number;
  /** Scaled by 10^6. */
  readonly amount: bigint;
}

/** `buckets` in ascending order; those that no longer count may be among them. */
export function usageOf(limit: LimitRow, buckets: readonly BucketCount[], now: number): Usage {
  const window = limit.window;
  if (window === null) return wholeSession(limit, sum(buckets), now);
  const counting = buckets.filter((each) => countsUntil(each.bucket, window) > now);
  const used = sum(counting);
  return { used, admits_at: admitsAt(limit, window, counting, used, now) };
}

function wholeSession(limit: LimitRow, used: bigint, now: number): Usage {
  return { used, admits_at: used + limit.amount <= limit.n ? now : null };
}

function admitsAt(
  limit: LimitRow,
  window: number,
  counting: readonly BucketCount[],
  used: bigint,
  now: number,
): number | null {
  if (limit.amount > limit.n) return null;
  let left = used;
  if (left + limit.amount <= limit.n) return now;
  for (const each of counting) {
    left -= each.amount;
    if (left + limit.amount <= limit.n) return countsUntil(each.bucket, window);
  }
  return null;
}

function sum(buckets: readonly BucketCount[]): bigint {
  let total = 0n;
  for (const each of buckets) total += each.amount;
  return total;
}
