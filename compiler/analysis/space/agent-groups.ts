/** Agents for which a policy decides alike: a policy may have thousands, and few kinds of them. */
import type { Agent, Table } from "../../../engine/index.ts";
import { readsAgent } from "../../facts-read.ts";
import { blocksOf } from "./side.ts";
import { taskByClient } from "./task-by-client.ts";

/** Groups in the order of their first agent. */
export function agentGroups(table: Table): readonly (readonly Agent[])[] {
  const own = new Set(table.body.blocks.flatMap((block) => (block.kind === "agent" ? [block.name] : [])));
  const allApart = table.body.actions.some(readsAgent);
  const groups = new Map<string, Agent[]>();
  const shared = new Map<string, boolean>();
  for (const agent of table.body.agents) {
    const key = `${kindOf(agent)} ${taskByClient(table, agent)}`;
    const readsItself = allApart || (shared.get(key) ?? blocksOf(table, agent).some(({ block }) => readsAgent(block)));
    shared.set(key, readsItself);
    const full = own.has(agent.name) || readsItself ? `${key} ${agent.name}` : key;
    groups.set(full, [...(groups.get(full) ?? []), agent]);
  }
  return [...groups.values()];
}

/** All that decides about an agent without rules of its own that doesn't read who it is. */
export function kindOf(agent: Agent): string {
  const { roles, may_call, may_become, requester_required, task_from_client, review_by, starts_with } = agent;
  return JSON.stringify([roles, may_call, may_become, requester_required, task_from_client, review_by, starts_with]);
}
