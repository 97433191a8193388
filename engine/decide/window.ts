/**
 * Sliding windows in 60 buckets. What was spent in a bucket counts from then until the whole window has passed since
 * the *end* of the bucket: so in every interval of the window's length what was admitted stays within N, and a request
 * is refused early by at most one bucket, 1/60 of the window.
 */

const BUCKETS = 60;

/** The bucket that a moment lies in. Both in milliseconds; buckets are numbered from 1970. */
export function bucketOf(at: number, window: number): number {
  return Math.floor(at / bucketWidth(window));
}

/** UTC milliseconds from which a spend of this bucket no longer counts. */
export function countsUntil(bucket: number, window: number): number {
  return (bucket + 1) * bucketWidth(window) + window;
}

function bucketWidth(window: number): number {
  return Math.max(1, Math.floor(window / BUCKETS));
}
