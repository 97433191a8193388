/** What breakers count in buckets, held against a list of all that happened. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isOften, mostWithin, type Tally } from "../../edge/breakers/tally-window.ts";
import { bucketOf } from "../../engine/index.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 300);
const windows = fc.constantFrom(1_000, 7_777, 60_000, 600_000);

function tallies(times: readonly number[], within: number): readonly Tally[] {
  const counts = new Map<number, number>();
  for (const at of times) counts.set(bucketOf(at, within), (counts.get(bucketOf(at, within)) ?? 0) + 1);
  return [...counts].map(([bucket, count]) => ({ bucket, times: count })).toSorted((a, b) => a.bucket - b.bucket);
}

/** Most of all windows of the length that hold `at` and end with something that happened. */
function exactly(times: readonly number[], within: number, at: number): number {
  const ends = times.filter((end) => end >= at && end - within < at);
  return Math.max(0, ...ends.map((end) => times.filter((each) => each <= end && each > end - within).length));
}

test("whatever the order in which it is told, a count is never missed, and made early by two buckets at most", () => {
  const moments = fc.array(fc.nat({ max: 2_000_000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(moments, windows, (told, within) => {
      for (const [index, at] of told.entries()) {
        const known = told.slice(0, index + 1);
        const most = mostWithin(tallies(known, within), within, at);
        expect(most).toBeGreaterThanOrEqual(exactly(known, within, at));
        expect(most).toBeLessThanOrEqual(exactly(known, within + 2 * Math.ceil(within / 60) + 2, at));
      }
    }),
    { numRuns: RUNS },
  );
});

const steps = fc.array(fc.record({ gap: fc.nat({ max: 30_000 }), failed: fc.boolean() }), {
  minLength: 1,
  maxLength: 80,
});

test("a share of failures is never missed, and takes as many outcomes as it says", () => {
  const shares = fc.constantFrom(20_000_000n, 50_000_000n, 33_300_000n, 100_000_000n);
  fc.assert(
    fc.property(steps, windows, shares, fc.integer({ min: 1, max: 10 }), (gaps, within, share, of) => {
      const past: { readonly at: number; readonly failed: boolean }[] = [];
      let at = 1_000_000;
      for (const { gap, failed } of gaps) {
        at += gap;
        past.push({ at, failed });
        const buckets = (bad: boolean) =>
          tallies(
            past.filter((one) => one.failed === bad).map((one) => one.at),
            within,
          );
        const often = isOften(buckets(true), buckets(false), { within, of, share }, at);
        const counted = past.filter((one) => one.at > at - within);
        const bad = counted.filter((one) => one.failed).length;
        if (counted.length >= of && BigInt(bad) * 100_000_000n >= share * BigInt(counted.length))
          expect(often).toBe(true);
        const around = past.filter((one) => one.at > at - within - 2 * Math.ceil(within / 60) - 2);
        if (around.length < of || !around.some((one) => one.failed)) expect(often).toBe(false);
      }
    }),
    { numRuns: RUNS },
  );
});

test("what failed long ago says nothing of now", () => {
  const failed = tallies([1_000, 2_000], 60_000);
  const done = tallies([200_000, 201_000], 60_000);
  expect(isOften(failed, done, { within: 60_000, of: 2, share: 50_000_000n }, 201_000)).toBe(false);
  expect(mostWithin(tallies([1_000, 2_000, 200_000], 60_000), 60_000, 200_000)).toBe(1);
});
