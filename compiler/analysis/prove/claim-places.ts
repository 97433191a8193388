/** The agents and actions that a claim has to be decided for. */
import { maySelect } from "../../../engine/index.ts";
import type { Action, Agent, Table } from "../../../engine/index.ts";
import { agentGroups } from "../space/agent-groups.ts";
import { blocksOf } from "../space/side.ts";

/** One agent of each kind, with those of the actions that some rule may grant it: everything else is denied anyway. */
export function claimPlaces(
  table: Table,
  actions: readonly Action[],
): readonly { readonly agent: Agent; readonly actions: readonly Action[] }[] {
  return agentGroups(table).flatMap(([agent]) => {
    if (agent === undefined) return [];
    const granted = actions.filter((action) => mayBeGranted(table, agent, action));
    return granted.length === 0 ? [] : [{ agent, actions: granted }];
  });
}

function mayBeGranted(table: Table, agent: Agent, action: Action): boolean {
  return blocksOf(table, agent).some(
    ({ block }) =>
      block.kind !== "every" &&
      block.rules.some((rule) => rule.tier !== "never" && !rule.trial && maySelect(rule, action)),
  );
}
