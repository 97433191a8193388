/** The promise of docs/language.md, "Limits", about sliding windows, held against a list of all that was admitted. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bucketOf, countsUntil } from "../../engine/index.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 300);

test("in every interval of the window's length at most N is admitted, and none is refused much too early or late", () => {
  const steps = fc.array(fc.nat({ max: 40_000 }), { minLength: 1, maxLength: 200 });
  const windows = fc.constantFrom(1_000, 7_777, 60_000, 600_000);
  fc.assert(
    fc.property(steps, windows, fc.integer({ min: 1, max: 6 }), fc.nat(), (gaps, window, n, start) => {
      const admitted: number[] = [];
      let now = start;
      for (const gap of gaps) {
        now += gap;
        const counted = admitted.filter((at) => countsUntil(bucketOf(at, window), window) > now).length;
        const within = admitted.filter((at) => at > now - window).length;
        // A bucket more than the window, by the widest that one can be.
        const around = admitted.filter((at) => at > now - window - window / 60 - 1).length;
        expect(counted).toBeGreaterThanOrEqual(within);
        expect(counted).toBeLessThanOrEqual(around);
        if (counted < n) admitted.push(now);
      }
    }),
    { numRuns: RUNS },
  );
});
