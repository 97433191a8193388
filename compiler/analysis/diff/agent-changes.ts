/** What an agent is, beside its rules: who may be it, whom it may call, what it may become, until when. */
import type { Agent, MayBecome, MayCall, Selector } from "../../../engine/index.ts";
import { durationText } from "../../terminal/duration-text.ts";
import type { Direction } from "./policy-diff.ts";

export interface AgentChange {
  readonly direction: Direction;
  readonly change: string;
}

export function agentChanges(before: Agent, after: Agent): readonly AgentChange[] {
  return [
    ...gainedOrLost("identity", before.identities, after.identities),
    ...gainedOrLost("`starts with`", before.starts_with, after.starts_with, "strict"),
    ...review(before, after),
    ...flag("task from client", before.task_from_client, after.task_from_client),
    ...after.may_call.flatMap((call) => callChange(call, before.may_call)),
    ...before.may_call.flatMap((call) => lostCall(call, after.may_call)),
    ...after.may_become.flatMap((one) => becomeChange(one, before.may_become)),
    ...before.may_become.flatMap((one) => lostRole(one, after.may_become)),
  ];
}

function looser(change: string): AgentChange {
  return { direction: "looser", change };
}

function stricter(change: string): AgentChange {
  return { direction: "stricter", change };
}

export function gainedOrLost(
  name: string,
  before: readonly unknown[],
  after: readonly unknown[],
  kind: "loose" | "strict" = "loose",
): readonly AgentChange[] {
  const old = new Set(before.map((one) => JSON.stringify(one)));
  const now = new Set(after.map((one) => JSON.stringify(one)));
  const gained = [...now].filter((one) => !old.has(one)).length;
  const lost = [...old].filter((one) => !now.has(one)).length;
  const [more, less] = kind === "loose" ? [looser, stricter] : [stricter, looser];
  return [...(gained > 0 ? [more(`${name} added`)] : []), ...(lost > 0 ? [less(`${name} removed`)] : [])];
}

function review(before: Agent, after: Agent): readonly AgentChange[] {
  if (before.review_by === after.review_by) return [];
  const day = (at: number): string => new Date(at - 1).toISOString().slice(0, 10);
  const change = `review by ${day(before.review_by)} → ${day(after.review_by)}`;
  return [after.review_by > before.review_by ? looser(change) : stricter(change)];
}

function flag(name: string, before: boolean, after: boolean): readonly AgentChange[] {
  if (before === after) return [];
  return [after ? looser(`${name} added`) : stricter(`${name} removed`)];
}

function callChange({ agent, select }: MayCall, before: readonly MayCall[]): readonly AgentChange[] {
  const old = before.find((one) => one.agent === agent);
  if (old === undefined) return [looser(`may call \`${agent}\``)];
  const added = select.filter((one) => !old.select.some((other) => JSON.stringify(other) === JSON.stringify(one)));
  return added.length === 0 ? [] : [looser(`may call \`${agent}\` also for ${added.map(selectorText).join(", ")}`)];
}

function lostCall({ agent, select }: MayCall, after: readonly MayCall[]): readonly AgentChange[] {
  const now = after.find((one) => one.agent === agent);
  if (now === undefined) return [stricter(`may not call \`${agent}\` any more`)];
  const gone = select.filter((one) => !now.select.some((other) => JSON.stringify(other) === JSON.stringify(one)));
  return gone.length === 0
    ? []
    : [stricter(`may not call \`${agent}\` for ${gone.map(selectorText).join(", ")} any more`)];
}

function selectorText(selector: Selector): string {
  if (selector.kind === "any") return "`*`";
  return selector.kind === "prefix" ? `\`${selector.prefix}.*\`` : `\`${selector.name}\``;
}

function becomeChange(now: MayBecome, before: readonly MayBecome[]): readonly AgentChange[] {
  const old = before.find(({ role }) => role === now.role);
  if (old === undefined)
    return [looser(`may become \`${now.role}\` via \`${now.via}\` for ${durationText(now.duration)}`)];
  const longer = now.duration - old.duration;
  const time = `may become \`${now.role}\` for ${durationText(old.duration)} → ${durationText(now.duration)}`;
  return [
    ...(old.via === now.via ? [] : [looser(`may become \`${now.role}\` via \`${old.via}\` → \`${now.via}\``)]),
    ...(longer === 0 ? [] : [longer > 0 ? looser(time) : stricter(time)]),
  ];
}

function lostRole({ role }: MayBecome, after: readonly MayBecome[]): readonly AgentChange[] {
  return after.some((one) => one.role === role) ? [] : [stricter(`may not become \`${role}\` any more`)];
}
