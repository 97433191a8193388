/** One happening, counted for every breaker that watches for it here, and which of them trip. In a transaction. */
import { type Breaker, type BreakerEvent, durationText, parseDecimal } from "../../engine/index.ts";
import { assertNever } from "../assert-never.ts";
import type { Happening, Trip } from "../rpc.ts";
import { killTargets } from "./kill-targets.ts";
import { addTally, countAnew, type Counted, countsSince, readTallies } from "./tally-store.ts";
import { isOften, mostWithin } from "./tally-window.ts";
import { isFirstUse, noteUse, seenOf } from "./usage-store.ts";
import { usualWithin } from "./usual-rate.ts";
import { counterOf, watches } from "./watches.ts";

/** Fewer calls are never unusual, however few are usual: a handful is no sign of anything. */
const LEAST_USUAL = 5;

/**
 * A breaker that trips counts anew from then on. What happened before it last tripped, or before its kill was lifted,
 * counts no more.
 */
export function countHappening(sql: SqlStorage, happening: Happening): readonly Trip[] {
  const trips = happening.breakers.flatMap((breaker) => {
    const what = watches(breaker.event, happening.kind) ? whatTrips(sql, breaker, happening) : null;
    if (what === null) return [];
    countAnew(sql, counterOf(breaker), happening.at);
    return [tripOf(breaker, happening, what)];
  });
  if (happening.kind === "called") noteUse(sql, happening.action, happening.at);
  return trips;
}

function tripOf({ name, per, kill, tell }: Breaker, { at, decision_id, scene }: Happening, what: string): Trip {
  return { breaker: name, per, what: `${what} per ${per}`, at, decision_id, kill: killTargets(kill, scene), tell };
}

/** What came to be too much, in words; null: nothing did. */
function whatTrips(sql: SqlStorage, breaker: Breaker, happening: Happening): string | null {
  const counter = counterOf(breaker);
  if (happening.at < countsSince(sql, counter)) return null;
  const { event } = breaker;
  switch (event.kind) {
    case "count":
      return tooMany(sql, counter, event, happening);
    case "ratio":
      return tooOften(sql, counter, event, happening);
    case "usual":
      return unusual(sql, counter, event, happening);
    case "first_use":
      return firstUse(sql, event, happening);
    case "canary":
      return "a canary in a request";
    default:
      return assertNever(event);
  }
}

type Event<Kind extends BreakerEvent["kind"]> = Extract<BreakerEvent, { readonly kind: Kind }>;

function tooMany(sql: SqlStorage, counter: string, event: Event<"count">, { at }: Happening): string | null {
  const counted: Counted = { counter, key: "", within: event.within };
  addTally(sql, counted, at);
  const times = mostWithin(readTallies(sql, counted), event.within, at);
  return times >= event.n ? `${times} ${event.what} within ${durationText(event.within)}` : null;
}

function tooOften(sql: SqlStorage, counter: string, event: Event<"ratio">, { kind, at }: Happening): string | null {
  const { within, of, percent } = event;
  const failed: Counted = { counter, key: "failed", within };
  const done: Counted = { counter, key: "done", within };
  addTally(sql, kind === "failed" ? failed : done, at);
  const share = parseDecimal(percent);
  if (share === null) throw new Error("a table's percentage is no decimal");
  const often = isOften(readTallies(sql, failed), readTallies(sql, done), { within, of, share }, at);
  return often ? `${percent}% of at least ${of} outcomes failed within ${durationText(within)}` : null;
}

function unusual(sql: SqlStorage, counter: string, event: Event<"usual">, { at, action }: Happening): string | null {
  const counted: Counted = { counter, key: action, within: event.within };
  addTally(sql, counted, at);
  const seen = seenOf(sql, action);
  const usual = seen === null ? null : usualWithin(seen, event.within, at);
  if (usual === null) return null;
  const times = mostWithin(readTallies(sql, counted), event.within, at);
  if (times < Number(event.factor) * Math.max(usual, LEAST_USUAL)) return null;
  const known = `where ${Math.round(usual * 10) / 10} are usual`;
  return `${times} calls of \`${action}\` within ${durationText(event.within)} ${known}`;
}

function firstUse(sql: SqlStorage, { after }: Event<"first_use">, { at, action }: Happening): string | null {
  return isFirstUse(sql, action, after, at) ? `first use of \`${action}\` after ${durationText(after)}` : null;
}
