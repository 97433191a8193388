/** Labels, sets, schedules, groups and channels. */
import type {
  ChannelDeclaration,
  GroupDeclaration,
  LabelItem,
  ScheduleDeclaration,
  ScheduleSlot,
  SetDeclaration,
} from "../../dsl/index.ts";
import type { Channel, Group, Label, NamedSet, Schedule } from "../../engine/index.ts";
import { nearestName } from "../nearest-name.ts";
import type { Placed } from "../program.ts";
import { guessAt, isInvented, replaceWith, type Report } from "../report.ts";
import { refuseText } from "../type/canonical.ts";
import { naturalType, typeLiteral } from "../type/type-literal.ts";
import { memberValue } from "./set-members.ts";
import { KNOWN_UNTIL, zoneNames, zoneOffsets } from "./zone-offsets.ts";

export function resolveLabel(item: LabelItem, report: Report): Placed<Label> | null {
  const kind = item.is?.value ?? "plain";
  const name = item.name.value;
  if (kind === "taint" || kind === "sensitive" || (kind === "plain" && item.is === null)) {
    return { row: { name, kind }, span: item.name.span };
  }
  if (item.is && !isInvented(item.is)) {
    const near = nearestName(kind, ["taint", "sensitive"]);
    report.error("AP2026", {
      span: item.is.span,
      message: `a label can't be \`${kind}\``,
      label: "unknown",
      help: near === null ? "a label is `taint`, `sensitive`, or neither" : `did you mean \`${near}\`?`,
      fix: near === null ? null : guessAt(item.is.span, near),
    });
  }
  return null;
}

/** Members of one type, sorted, each once. */
export function resolveSet(node: SetDeclaration, report: Report): Placed<NamedSet> | null {
  const [first] = node.members;
  const type = first ? naturalType(first) : null;
  const values = new Set<string | number>();
  let sound = true;
  for (const member of node.members) {
    if (type === null || naturalType(member).kind !== type.kind || type.kind === "bool") {
      sound = false;
      report.error("AP3054", {
        span: member.span,
        message: `\`${node.name.value}\` mixes values of two types`,
        label: "unlike the first member",
        help: "write two sets",
      });
      continue;
    }
    const literal = typeLiteral(member, type, report);
    if (literal === null) sound = false;
    else values.add(memberValue(literal));
  }
  if (!sound) return null;
  const members = [...values].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return { row: { name: node.name.value, members }, span: node.name.span };
}

const DAYS: readonly string[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY = 1440;

export function resolveSchedule(node: ScheduleDeclaration, report: Report): Placed<Schedule> | null {
  const zone = node.zone.value;
  const offsets = zoneOffsets(zone);
  if (offsets === null) {
    const near = nearestName(zone, zoneNames());
    report.error("AP5010", {
      span: node.zone.span,
      message: `there is no time zone \`${zone}\``,
      label: "unknown name",
      help: near === null ? "write a name such as `Europe/Berlin` or `UTC`" : `did you mean \`${near}\`?`,
      fix: near === null ? null : guessAt(node.zone.span, JSON.stringify(near)),
    });
    return null;
  }
  const weekly = joinIntervals(node.slots.flatMap((slot) => intervalsOf(slot)));
  return { row: { name: node.name.value, zone, weekly, offsets, until: KNOWN_UNTIL }, span: node.name.span };
}

type Interval = readonly [number, number];

/** `22:00-06:00` belongs to the day it begins; `00:00-24:00` is the whole day. */
function intervalsOf(slot: ScheduleSlot): readonly Interval[] {
  const days = slot.days.flatMap(({ first, last }) => daysBetween(DAYS.indexOf(first), DAYS.indexOf(last)));
  const length = slot.to > slot.from ? slot.to - slot.from : slot.to + DAY - slot.from;
  return days.map((day) => [day * DAY + slot.from, day * DAY + slot.from + length] as const);
}

/** `sat-mon` goes round the end of the week. */
function daysBetween(first: number, last: number): readonly number[] {
  if (first < 0 || last < 0) return [];
  const count = ((last - first + 7) % 7) + 1;
  return Array.from({ length: count }, (_, index) => (first + index) % 7);
}

/** Sorted; what touches or overlaps becomes one, so that two spellings of a week are one schedule. */
function joinIntervals(intervals: readonly Interval[]): readonly Interval[] {
  const joined: [number, number][] = [];
  for (const [start, end] of intervals.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = joined.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}

/** Addresses are compared in lower case, whatever case the identity provider sends. */
export function resolveGroup(node: GroupDeclaration, report: Report): Placed<Group> {
  const name = node.name.value;
  const claim = node.claim && { name: node.claim.name.value, value: node.claim.value.value };
  const members = new Set<string>();
  for (const member of node.members ?? []) {
    const address = member.value.toLowerCase();
    const refusal = refuseText({ kind: "email" }, address);
    if (refusal === null) members.add(address);
    else {
      report.error("AP5011", {
        span: member.span,
        message: `${JSON.stringify(member.value)} is no mail address`,
        help: refusal.help,
        fix: refusal.canonical === null ? null : replaceWith(member.span, JSON.stringify(refusal.canonical)),
      });
    }
  }
  return { row: { name, members: node.members ? [...members].toSorted() : null, claim }, span: node.name.span };
}

export function resolveChannel(node: ChannelDeclaration, report: Report): Placed<Channel> {
  if (node.secret === null && node.address === null) {
    const { name, medium } = node;
    const secret = `${name.value}_${medium.value}`.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
    report.error("AP5120", {
      span: node.span,
      message: `\`${name.value}\` doesn't say where to tell people`,
      label: "no address",
      help: `name the edge's secret that holds it, as in \`channel ${name.value} = ${medium.value} secret "${secret}"\``,
    });
  }
  const row = { name: node.name.value, kind: node.medium.value, secret: node.secret?.value ?? null };
  return { row, span: node.name.span };
}
