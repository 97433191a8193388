/** Schedules on the wall clock of their zone, minute by minute (docs/language.md, "Conditions"). */
import type { ScheduleDeclaration, ScheduleSlot } from "../../dsl/ast.ts";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

interface WallClock {
  /** Monday is 0. */
  readonly day: number;
  readonly minutes: number;
}

function wallClock(at: number, zone: string): WallClock {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = new Map(format.formatToParts(at).map((part) => [part.type as string, part.value]));
  const day = DAYS.indexOf((parts.get("weekday") ?? "").toLowerCase());
  return { day, minutes: Number(parts.get("hour")) * 60 + Number(parts.get("minute")) };
}

function namesDay(slot: ScheduleSlot, day: number): boolean {
  return slot.days.some((days) => {
    const first = DAYS.indexOf(days.first);
    const length = (DAYS.indexOf(days.last) - first + 7) % 7;
    return (day - first + 7) % 7 <= length;
  });
}

/** A slot that ends before it begins belongs to the day it begins and runs into the next. An end is exclusive. */
function inSlot(slot: ScheduleSlot, now: WallClock): boolean {
  const today = namesDay(slot, now.day);
  if (slot.from < slot.to) return today && now.minutes >= slot.from && now.minutes < slot.to;
  const yesterday = namesDay(slot, (now.day + 6) % 7);
  return (today && now.minutes >= slot.from) || (yesterday && now.minutes < slot.to);
}

export function duringSchedule(schedule: ScheduleDeclaration, at: number): boolean {
  const now = wallClock(at, schedule.zone.value);
  return schedule.slots.some((slot) => inSlot(slot, now));
}
