/** What trips a breaker and what it does: told from before to after, looser unless it is surely as strict. */
import { durationText } from "../../../engine/index.ts";
import type { Breaker, BreakerEvent } from "../../../engine/index.ts";
import type { Tables } from "./approval-order.ts";
import type { Direction } from "./policy-diff.ts";
import { compareTold } from "./told-channels.ts";

export interface BreakerChange {
  readonly direction: Direction;
  readonly change: string;
}

export function breakerChanges(before: Breaker, after: Breaker, tables: Tables): readonly BreakerChange[] {
  const { gone, come } = compareTold(
    { names: before.tell, table: tables.before },
    { names: after.tell, table: tables.after },
  );
  const spared = before.kill.filter((scope) => !after.kill.includes(scope));
  const killed = after.kill.filter((scope) => !before.kill.includes(scope));
  return [
    ...trigger(before, after),
    ...spared.map((scope) => looser(`doesn't kill the ${scope} any more`)),
    ...killed.map((scope) => stricter(`kills the ${scope} too`)),
    ...gone.map((name) => looser(`doesn't tell \`${name}\` any more`)),
    ...come.map((name) => stricter(`tells \`${name}\` too`)),
  ];
}

function looser(change: string): BreakerChange {
  return { direction: "looser", change };
}

function stricter(change: string): BreakerChange {
  return { direction: "stricter", change };
}

function trigger(before: Breaker, after: Breaker): readonly BreakerChange[] {
  const text = ({ event, per }: Breaker): string => `\`${eventText(event)} per ${per}\``;
  if (text(before) === text(after)) return [];
  const change = `${text(before)} → ${text(after)}`;
  const asSoon = before.per === after.per && tripsAsSoon(before.event, after.event);
  return [asSoon ? stricter(change) : looser(change)];
}

/** Does the second trip whenever the first does? Only what is plain to see. */
function tripsAsSoon(before: BreakerEvent, after: BreakerEvent): boolean {
  if (before.kind === "count" && after.kind === "count") {
    return before.what === after.what && after.n <= before.n && after.within >= before.within;
  }
  if (before.kind === "ratio" && after.kind === "ratio") {
    const sooner = Number(after.percent) <= Number(before.percent) && after.of <= before.of;
    return sooner && after.within === before.within;
  }
  if (before.kind === "usual" && after.kind === "usual") {
    return Number(after.factor) <= Number(before.factor) && after.within === before.within;
  }
  return before.kind === "first_use" && after.kind === "first_use" && after.after <= before.after;
}

/** As policies write it. */
function eventText(event: BreakerEvent): string {
  switch (event.kind) {
    case "count":
      return `${event.n} ${event.what} in ${durationText(event.within)}`;
    case "ratio":
      return `${event.percent}% failed in ${durationText(event.within)} of at least ${event.of}`;
    case "usual":
      return `${event.factor}x usual calls in ${durationText(event.within)}`;
    case "first_use":
      return `first use after ${durationText(event.after)}`;
    case "canary":
      return "canary";
  }
}
