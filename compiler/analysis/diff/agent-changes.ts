/** What an agent is, beside its rules: who may be it, whom it may call, what it may become, until when. */
import type { Agent } from "../../../engine/index.ts";
import { taskByClient } from "../space/task-by-client.ts";
import type { Tables } from "./approval-order.ts";
import { becomeChanges } from "./become-changes.ts";
import { callChanges } from "./call-changes.ts";
import { gainedOrLost } from "./gained-or-lost.ts";
import { identityChanges } from "./identity-changes.ts";
import type { Direction } from "./policy-diff.ts";

export interface AgentChange {
  readonly direction: Direction;
  readonly change: string;
}

export function agentChanges(before: Agent, after: Agent, tables: Tables): readonly AgentChange[] {
  return [
    ...identityChanges(before.identities, after.identities),
    ...gainedOrLost("`starts with`", before.starts_with, after.starts_with, "strict"),
    ...review(before, after),
    ...requester(before, after),
    ...task(before, after, tables),
    ...callChanges(before, after, tables),
    ...becomeChanges(before, after, tables),
  ];
}

function looser(change: string): AgentChange {
  return { direction: "looser", change };
}

function stricter(change: string): AgentChange {
  return { direction: "stricter", change };
}

function review(before: Agent, after: Agent): readonly AgentChange[] {
  if (before.review_by === after.review_by) return [];
  const day = (at: number): string => new Date(at - 1).toISOString().slice(0, 10);
  const change = `review by ${day(before.review_by)} → ${day(after.review_by)}`;
  return [after.review_by > before.review_by ? looser(change) : stricter(change)];
}

function requester(before: Agent, after: Agent): readonly AgentChange[] {
  if (before.requester_required === after.requester_required) return [];
  return [after.requester_required ? stricter("requester required added") : looser("requester required dropped")];
}

/** Whoever opens a session states the task of the whole tree below it. */
function task(before: Agent, after: Agent, { before: old, after: now }: Tables): readonly AgentChange[] {
  if (before.task_from_client !== after.task_from_client) {
    return [after.task_from_client ? looser("task from client added") : stricter("task from client removed")];
  }
  const [was, is] = [taskByClient(old, before), taskByClient(now, after)];
  if (was === is) return [];
  return is
    ? [looser("may know a task without a requester, from the client of an agent above it")]
    : [stricter("knows no task without a requester any more")];
}
