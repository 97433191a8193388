/** Who may approve, and from when on: approvers at once, others after the time at which it is passed on to them. */
import { durationText } from "../../../engine/index.ts";
import type { Approval, Table } from "../../../engine/index.ts";
import type { ApprovalChange, Tables } from "./approval-order.ts";
import { listed } from "./listed.ts";
import { peopleOf, groups } from "./people.ts";

export function approverChanges(before: Approval, after: Approval, tables: Tables): readonly ApprovalChange[] {
  const old = timesOf(before, tables.before);
  const now = timesOf(after, tables.after);
  const changes = new Map<string, { readonly from?: number; readonly to?: number; readonly who: string[] }>();
  for (const person of new Set([...old.keys(), ...now.keys()])) {
    const [from, to] = [old.get(person), now.get(person)];
    if (from === to) continue;
    const key = `${from} ${to}`;
    const change = changes.get(key) ?? {
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      who: [],
    };
    change.who.push(person);
    changes.set(key, change);
  }
  return [...changes.values()].map(({ from, to, who }) => changeOf(listed(who), from, to));
}

/** Milliseconds from which each may decide; the earliest counts. */
function timesOf({ approvers, escalate }: Approval, table: Table): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { groups: names, after } of [{ groups: approvers, after: 0 }, ...escalate]) {
    for (const person of peopleOf(groups(names, table))) {
      times.set(person, Math.min(after, times.get(person) ?? after));
    }
  }
  return times;
}

function changeOf(who: string, from: number | undefined, to: number | undefined): ApprovalChange {
  if (to === undefined) return { direction: "stricter", change: `${who} may not approve any more` };
  if (from === undefined) return { direction: "looser", change: `${who} may approve too${later(to)}` };
  const change = `${who} may approve ${moment(from)} → ${moment(to)}`;
  return { direction: to < from ? "looser" : "stricter", change };
}

function later(after: number): string {
  return after === 0 ? "" : `, ${moment(after)}`;
}

function moment(after: number): string {
  return after === 0 ? "at once" : `after ${durationText(after)}`;
}
