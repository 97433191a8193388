/** Agents for which a policy decides alike: a policy may have thousands, and few kinds of them. */
import type { Agent, Table } from "../../engine/index.ts";
import { blocksOf } from "./space/side.ts";

/** Groups in the order of their first agent. */
export function agentGroups(table: Table): readonly (readonly Agent[])[] {
  const own = new Set(table.body.blocks.flatMap((block) => (block.kind === "agent" ? [block.name] : [])));
  const personal = new Map(table.body.blocks.map((block) => [block, JSON.stringify(block).includes('"agent.')]));
  const groups = new Map<string, Agent[]>();
  const shared = new Map<string, boolean>();
  for (const agent of table.body.agents) {
    const key = kindOf(agent);
    const readsItself = shared.get(key) ?? blocksOf(table, agent).some(({ block }) => personal.get(block) === true);
    shared.set(key, readsItself);
    const full = own.has(agent.name) || readsItself ? `${key} ${agent.name}` : key;
    groups.set(full, [...(groups.get(full) ?? []), agent]);
  }
  return [...groups.values()];
}

/** All that decides about an agent without rules of its own that doesn't read who it is. */
export function kindOf({ roles, may_become, requester_required, review_by, starts_with }: Agent): string {
  const gained = may_become.map(({ role }) => role);
  return JSON.stringify([roles, gained, requester_required, review_by, starts_with]);
}
