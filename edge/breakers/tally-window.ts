/**
 * Whether what was counted in buckets comes to enough within a window. No I/O, no clock.
 *
 * A bucket is 1/60 of the window. What may lie within the window counts towards tripping, and only what surely lies in it
 * against: so a breaker trips early by a bucket at most, and never late.
 */
import { bucketOf, countsUntil } from "../../engine/index.ts";

export interface Tally {
  readonly bucket: number;
  readonly times: number;
}

/** Highest sum of any window that the happening at `at` may lie in; it must be among the tallies. */
export function mostWithin(tallies: readonly Tally[], within: number, at: number): number {
  const sums = endsAfter(tallies, within, at).map((end) => sum(tallies, (bucket) => mayCount(bucket, end, within)));
  return Math.max(0, ...sums);
}

/** Of all outcomes in some window that the happening may lie in, did so many at least fail? */
export function isOften(
  failed: readonly Tally[],
  done: readonly Tally[],
  often: { readonly within: number; readonly of: number; readonly share: bigint },
  at: number,
): boolean {
  const { within, of, share } = often;
  return endsAfter([...failed, ...done], within, at).some((end) => {
    const bad = sum(failed, (bucket) => mayCount(bucket, end, within));
    const good = sum(done, (bucket) => mayCount(bucket, end, within));
    const sure = sum(done, (bucket) => surelyCounts(bucket, end, within));
    return bad + good >= of && BigInt(bad) * 100n * UNIT >= share * BigInt(bad + sure);
  });
}

/** Percentages are scaled by 10^6. */
const UNIT = 1_000_000n;

/** Windows end with a happening: the buckets of those that come within a window after `at`, its own first. */
function endsAfter(tallies: readonly Tally[], within: number, at: number): readonly number[] {
  const own = bucketOf(at, within);
  const ends = tallies.map(({ bucket }) => bucket).filter((bucket) => bucket >= own && mayCount(own, bucket, within));
  return [...new Set([own, ...ends])];
}

/** Might a happening of the bucket lie in a window that ends in `end`? */
function mayCount(bucket: number, end: number, within: number): boolean {
  return bucket <= end && countsUntil(bucket, within) > startOf(end, within);
}

/** Does it lie in it wherever in `end` the window ends? */
function surelyCounts(bucket: number, end: number, within: number): boolean {
  return bucket <= end && startOf(bucket, within) > startOf(end + 1, within) - 1 - within;
}

/** `countsUntil` is a window behind the end of the bucket. */
function startOf(bucket: number, within: number): number {
  return countsUntil(bucket - 1, within) - within;
}

function sum(tallies: readonly Tally[], counts: (bucket: number) => boolean): number {
  return tallies.reduce((all, { bucket, times }) => (counts(bucket) ? all + times : all), 0);
}
