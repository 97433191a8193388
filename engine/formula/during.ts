/** `during SCHEDULE`: the schedule's own zone, by the offsets that the compiler wrote down. */
import type { Schedule } from "../table.ts";
import { type Formula, known } from "./formula.ts";
import { FALSE, TRUE, type Truth, UNKNOWN } from "./truth.ts";

const MINUTE = 60_000;
const WEEK = 10_080;
/** 1970-01-01 was a Thursday: three days after Monday. */
const EPOCH_MINUTE = 3 * 1440;

export function duringFormula(schedule: Schedule): Formula {
  const isDuring = duringTest(schedule);
  const facts = [`schedule ${schedule.name}`];
  return known(
    (frame) => isDuring(frame.request.at),
    () => facts,
  );
}

/** Is the moment within the schedule? Null where nobody has said how the zone's clocks run then. */
export function isDuring(schedule: Schedule, at: number): boolean | null {
  const truth = duringTest(schedule)(at);
  return truth === UNKNOWN ? null : truth === TRUE;
}

/** Unknown before the first offset and from `until` on: nobody has said how the zone's clocks run then. */
function duringTest({ weekly, offsets, until }: Schedule): (at: number) => Truth {
  const starts = weekly.map(([start]) => start);
  const ends = weekly.map(([, end]) => end);
  return (at) => {
    const offset = offsetAt(offsets, at);
    if (offset === null || at >= until) return UNKNOWN;
    const minute = (Math.floor(at / MINUTE) + offset + EPOCH_MINUTE) % WEEK;
    const ofWeek = minute < 0 ? minute + WEEK : minute;
    for (let slot = 0; slot < starts.length; slot++) {
      const end = ends[slot] as number;
      // A slot that passes the end of the week goes on at its beginning.
      if ((ofWeek >= (starts[slot] as number) && ofWeek < end) || ofWeek + WEEK < end) return TRUE;
    }
    return FALSE;
  };
}

/** Minutes east of UTC: the last offset that began, found by halving. */
function offsetAt(offsets: Schedule["offsets"], at: number): number | null {
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle]?.[0] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return offsets[low - 1]?.[1] ?? null;
}
