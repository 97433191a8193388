/** Moments between which nothing that reads the clock changes. */
import { isDuring, type Schedule } from "../../../engine/index.ts";
import type { Case, Facet } from "./facet.ts";
import type { Use } from "./use.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const WEEK = 7 * DAY;
/** 1970-01-01 was a Thursday: minutes of a week count from Monday. */
const MONDAY = 4 * DAY;

/** More comparisons of a moment with a schedule aren't made. */
const MOST_STEPS = 400_000;
const MOST_STRETCHES = 2000;

/** `from` and `before` bound the moments: what is past, or lies after every review, matters to nobody. */
export interface TimeBounds {
  readonly from: number;
  readonly before: number;
}

/** `moments`: ends of rules, besides what conditions read. */
export function timeFacet(
  uses: readonly Use[],
  moments: readonly number[],
  schedules: readonly Schedule[],
  { from, before }: TimeBounds,
): Facet {
  const points = uses.flatMap(({ what }) => (what.kind === "points" ? what.points.map(Number) : []));
  const turns = schedules.flatMap(({ offsets, until }) => [...offsets.map(([at]) => at), until]);
  const edges = [...moments, ...points.flatMap((point) => [point, point + 1]), ...turns];
  const inside = [...new Set([from, ...edges])].filter((at) => at >= from && at < before).toSorted((a, b) => a - b);
  const all = [
    ...new Set(
      inside.slice(0, MOST_STRETCHES).flatMap((at, index) => momentsIn(at, inside[index + 1] ?? before, schedules)),
    ),
  ];
  // Each moment is held against each schedule.
  const found = all.slice(0, Math.floor(MOST_STEPS / (1 + schedules.length)));
  const cut = found.length < all.length || inside.length > MOST_STRETCHES;
  const opaque = uses.some(({ what }) => what.kind === "opaque" || what.kind === "linked");
  const simple = uses.every(({ what }) => what.kind === "points" || what.kind === "schedule");
  const bounds = edges.slice(0, edges.length - turns.length);
  const told = simple ? differing(found, bounds, schedules) : found;
  const cases = told.map((at): Case => ({ request: { at } }));
  return {
    key: "time",
    cases,
    inexact: opaque ? "a comparison with the time" : cut ? "too many moments" : null,
  };
}

/** Of moments between the same bounds, and within the same schedules, the first. */
function differing(
  moments: readonly number[],
  bounds: readonly number[],
  schedules: readonly Schedule[],
): readonly number[] {
  const found = new Map<string, number>();
  for (const at of moments) {
    const passed = bounds.filter((bound) => bound <= at).length;
    const key = [passed, ...schedules.map((schedule) => isDuring(schedule, at))].join(" ");
    if (!found.has(key)) found.set(key, at);
  }
  return [...found.values()];
}

/** The first moment, and every edge of a schedule in the week after it. Offsets don't change in between. */
function momentsIn(from: number, to: number, schedules: readonly Schedule[]): readonly number[] {
  const end = Math.min(to, from + WEEK);
  const edges = schedules.flatMap((schedule) => edgesIn(schedule, from, end));
  return [from, ...edges];
}

function edgesIn({ weekly, offsets }: Schedule, from: number, to: number): readonly number[] {
  const offset = (offsets.findLast(([at]) => at <= from)?.[1] ?? 0) * MINUTE;
  const week = Math.floor((from + offset - MONDAY) / WEEK) * WEEK + MONDAY - offset;
  const minutes = weekly.flatMap(([start, end]) => [start, end]);
  return [week - WEEK, week, week + WEEK]
    .flatMap((monday) => minutes.map((minute) => monday + minute * MINUTE))
    .filter((at) => at > from && at < to);
}
