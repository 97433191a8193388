/** Which roles an agent may gain, by whose approval, and for how long. */
import { durationText } from "../../../engine/index.ts";
import type { Agent, MayBecome } from "../../../engine/index.ts";
import type { AgentChange } from "./agent-changes.ts";
import type { Tables } from "./approval-order.ts";
import { compareFates, whatIsLess } from "./fate-order.ts";

/** Roles that were renamed are called what they are called now. */
export function becomeChanges(before: Agent, after: Agent, tables: Tables): readonly AgentChange[] {
  const oldName = (role: string): string => tables.roles.get(role) ?? role;
  const kept = new Set(after.may_become.map(({ role }) => oldName(role)));
  return [
    ...after.may_become.flatMap((now) => {
      const old = before.may_become.find(({ role }) => role === oldName(now.role));
      return old === undefined ? [newRole(now)] : changesOf(old, now, tables);
    }),
    ...before.may_become
      .filter(({ role }) => !kept.has(role))
      .map(({ role }) => ({ direction: "stricter" as const, change: `may not become \`${role}\` any more` })),
  ];
}

function newRole({ role, via, duration }: MayBecome): AgentChange {
  return { direction: "looser", change: `may become \`${role}\` via \`${via}\` for ${durationText(duration)}` };
}

function changesOf(old: MayBecome, now: MayBecome, tables: Tables): readonly AgentChange[] {
  const time = `may become \`${now.role}\` for ${durationText(old.duration)} → ${durationText(now.duration)}`;
  const longer = now.duration > old.duration;
  return [
    ...approvalChange(old, now, tables),
    ...(old.duration === now.duration
      ? []
      : [{ direction: longer ? ("looser" as const) : ("stricter" as const), change: time }]),
  ];
}

function approvalChange(old: MayBecome, now: MayBecome, tables: Tables): readonly AgentChange[] {
  if (old.via === now.via) return [];
  const [before, after] = [old, now].map(({ via }) => ({ tier: "ask" as const, via: [via], to: [] }));
  if (before === undefined || after === undefined) return [];
  const change = `may become \`${now.role}\` via \`${old.via}\` → \`${now.via}\``;
  const { looser, stricter } = compareFates(before, after, tables);
  const less = whatIsLess(before, after, tables);
  if (looser) return [{ direction: "looser", change: `${change}; ${less.join("; ")}` }];
  return stricter ? [{ direction: "stricter", change }] : [];
}
