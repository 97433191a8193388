/**
 * What is usual in an hour of the week: the mean of the weeks before, a week weighing half of what the one four weeks
 * later does. Seasonal exponential smoothing (Brutlag, "Aberrant Behavior Detection in Time Series for Network
 * Monitoring", LISA 2000), with weights that sum up to one from the first week on. No I/O, no clock.
 */

export const HOUR = 3_600_000;
export const HOURS_A_WEEK = 168;
const WEEK = HOURS_A_WEEK * HOUR;
const HALF_LIFE = 4;
const KEPT_A_WEEK = 2 ** (-1 / HALF_LIFE);
/** Weeks of an hour that must have been seen before anything is usual. */
const LEAST_WEEKS = 2;
/** 1970 began on a Thursday, weeks begin on Monday. */
const FROM_MONDAY = 72;

/** One hour of the week. */
export interface Slot {
  /** The week of the newest calls, counted from 1970. */
  readonly week: number;
  /** Calls in that week. */
  readonly current: number;
  /** Calls in the weeks before, each weighed by its age in that week. */
  readonly past: number;
}

/** Whole hours since 1970. */
export function hourOf(at: number): number {
  return Math.floor(at / HOUR);
}

export function slotOf(hour: number): number {
  return (hour + FROM_MONDAY) % HOURS_A_WEEK;
}

export function weekOf(hour: number): number {
  return Math.floor((hour + FROM_MONDAY) / HOURS_A_WEEK);
}

/** Calls that come late are added to their own week. */
export function addCalls(slot: Slot | null, week: number, calls: number): Slot {
  if (slot === null) return { week, current: calls, past: 0 };
  if (week === slot.week) return { ...slot, current: slot.current + calls };
  if (week < slot.week) return { ...slot, past: slot.past + calls * KEPT_A_WEEK ** (slot.week - week) };
  return { week, current: calls, past: (slot.past + slot.current) * KEPT_A_WEEK ** (week - slot.week) };
}

export interface Seen {
  /** UTC milliseconds from which all was seen. */
  readonly since: number;
  /** The hour of the week with this number, 0 to 167; null: never a call. */
  readonly slot: (number: number) => Slot | null;
}

/** Calls that are usual in this hour, from the weeks before it; null while too few of them were seen. */
export function usualInHour({ since, slot }: Seen, hour: number): number | null {
  const weeks = Math.floor((hour - Math.ceil(since / HOUR)) / HOURS_A_WEEK);
  if (weeks < LEAST_WEEKS) return null;
  const found = slot(slotOf(hour));
  return found === null ? 0 : weighedBefore(found, weekOf(hour)) / sumOfWeights(weeks);
}

function weighedBefore({ week, current, past }: Slot, now: number): number {
  return now <= week ? past : (past + current) * KEPT_A_WEEK ** (now - week);
}

/** Of the weeks 1 to n ago. */
function sumOfWeights(weeks: number): number {
  return (KEPT_A_WEEK * (1 - KEPT_A_WEEK ** weeks)) / (1 - KEPT_A_WEEK);
}

/**
 * Calls that are usual in the window that ends at `to`; null while it can't be told. What runs at nine may run at ten past
 * ten as well: of an hour and its neighbours the busiest counts. Beyond a week, weeks are alike.
 */
export function usualWithin(seen: Seen, within: number, to: number): number | null {
  const span = Math.min(within, WEEK);
  const from = to - span;
  let usual = 0;
  for (let hour = hourOf(from); hour <= hourOf(to); hour++) {
    const busiest = busiestAround(seen, hour);
    if (busiest === null) return null;
    const share = Math.min(to, (hour + 1) * HOUR) - Math.max(from, hour * HOUR);
    usual += (busiest * share) / HOUR;
  }
  return (usual * within) / span;
}

export function busiestAround(seen: Seen, hour: number): number | null {
  const around = [hour - 1, hour, hour + 1].map((each) => usualInHour(seen, each));
  return around.reduce((most, each) => (most === null || each === null ? null : Math.max(most, each)));
}
