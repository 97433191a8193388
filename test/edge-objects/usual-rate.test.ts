/** What is usual in an hour of the week, held against a list of all calls. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addCalls,
  HOUR,
  hourOf,
  HOURS_A_WEEK,
  type Slot,
  slotOf,
  usualInHour,
  usualWithin,
  weekOf,
} from "../../edge/breakers/usual-rate.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 300);
const WEEK = HOURS_A_WEEK * HOUR;
const DAY = 24 * HOUR;
/** A Monday. */
const START = Date.UTC(2026, 0, 5);

interface Calls {
  readonly at: number;
  readonly calls: number;
}

/** Learned as the object learns it. */
function learned(all: readonly Calls[], since = START) {
  const slots = new Map<number, Slot>();
  for (const { at, calls } of all) {
    const hour = hourOf(at);
    slots.set(slotOf(hour), addCalls(slots.get(slotOf(hour)) ?? null, weekOf(hour), calls));
  }
  return { since, slot: (number: number) => slots.get(number) ?? null };
}

/** Straight from the formula: the mean of the same hour in the weeks before, halved every four weeks. */
function meanOfWeeks(all: readonly Calls[], since: number, hour: number): number | null {
  let [sum, weights, weeks] = [0, 0, 0];
  for (let back = 1; (hour - back * HOURS_A_WEEK) * HOUR >= since; back++) {
    const calls = all.filter(({ at }) => hourOf(at) === hour - back * HOURS_A_WEEK);
    const weight = 0.5 ** (back / 4);
    sum += weight * calls.reduce((total, each) => total + each.calls, 0);
    weights += weight;
    weeks += 1;
  }
  return weeks < 2 ? null : sum / weights;
}

test("it is the weighed mean of the weeks before, in whatever order calls are told", () => {
  const calls = fc.array(
    fc.record({ week: fc.nat({ max: 30 }), hour: fc.nat({ max: 5 }), calls: fc.integer({ min: 1, max: 500 }) }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(calls, fc.nat({ max: 40 }), fc.nat({ max: 5 }), (told, week, hour) => {
      const all = told.map((each) => ({ at: START + each.week * WEEK + each.hour * HOUR, calls: each.calls }));
      const before = all.filter(({ at }) => at < START + (week + 1) * WEEK);
      const asked = hourOf(START) + week * HOURS_A_WEEK + hour;
      const usual = usualInHour(learned(before), asked);
      const expected = meanOfWeeks(before, START, asked);
      if (expected === null) expect(usual).toBeNull();
      else expect(usual).toBeCloseTo(expected, 6);
    }),
    { numRuns: RUNS },
  );
});

test("what happens now isn't usual yet, and a steady rate is what it is", () => {
  const steady = Array.from({ length: 10 }, (_, week) => ({ at: START + week * WEEK, calls: 40 }));
  const now = hourOf(START) + 10 * HOURS_A_WEEK;
  expect(usualInHour(learned(steady), now)).toBeCloseTo(40, 9);
  expect(usualInHour(learned([...steady, { at: now * HOUR, calls: 9_000 }]), now)).toBeCloseTo(40, 9);
  expect(usualInHour(learned([...steady, { at: now * HOUR, calls: 9_000 }]), now + HOURS_A_WEEK)).toBeGreaterThan(
    1_000,
  );
});

describe("nothing is usual", () => {
  test("before two weeks of the hour, and of those around it, were seen", () => {
    const seen = learned([]);
    expect(usualWithin(seen, HOUR, START + 2 * WEEK)).toBeNull();
    expect(usualWithin(seen, HOUR, START + 2 * WEEK + 3 * HOUR)).toBe(0);
    expect(usualWithin(seen, 7 * DAY, START + 2 * WEEK + 3 * HOUR)).toBeNull();
    expect(usualWithin(seen, 7 * DAY, START + 3 * WEEK + 3 * HOUR)).toBe(0);
  });

  test("of an hour that was seen in part", () => {
    expect(usualInHour(learned([], START + 1), hourOf(START) + 2 * HOURS_A_WEEK)).toBeNull();
    expect(usualInHour(learned([], START), hourOf(START) + 2 * HOURS_A_WEEK)).toBe(0);
  });
});

describe("in a window", () => {
  const at = (week: number, hour: number, calls: number) => ({ at: START + week * WEEK + hour * HOUR, calls });
  const nine = learned([0, 1, 2, 3].map((week) => at(week, 9, 60)));
  const MONDAY = START + 4 * WEEK;

  test("each hour counts for its part", () => {
    expect(usualWithin(nine, HOUR / 2, MONDAY + 9.5 * HOUR)).toBeCloseTo(30, 9);
    expect(usualWithin(nine, HOUR, MONDAY + 7 * HOUR)).toBeCloseTo(0, 9);
  });

  test("the busiest hour around counts, so that what runs a little later is no surprise", () => {
    expect(usualWithin(nine, HOUR, MONDAY + 11 * HOUR)).toBeCloseTo(60, 9);
    expect(usualWithin(nine, HOUR, MONDAY + 9 * HOUR)).toBeCloseTo(60, 9);
    expect(usualWithin(nine, HOUR, MONDAY + 12 * HOUR)).toBeCloseTo(0, 9);
  });

  test("longer than a week, weeks are alike", () => {
    const week = usualWithin(nine, 7 * DAY, MONDAY);
    expect(week).toBeCloseTo(180, 9);
    expect(usualWithin(nine, 28 * DAY, MONDAY)).toBeCloseTo(720, 9);
  });
});
