/** Cells that nothing can have changed, told without reading a condition: most of them, in a policy of thousands of agents. */
import { maySelect } from "../../../engine/index.ts";
import type { Action, Agent, Table } from "../../../engine/index.ts";
import { kindOf } from "../space/agent-groups.ts";
import { blocksOf, type PlacedBlock } from "../space/side.ts";

interface Part {
  readonly table: Table;
  readonly agent: Agent;
  readonly action: Action;
  /** Instead of the agent's own blocks. */
  readonly blocks: readonly PlacedBlock[] | undefined;
}

/** False only says that a closer look is needed. An id is the hash of all that a rule or limit means, and of its block. */
export function sameAtSight(before: Part, after: Part): boolean {
  return (
    wordsOf(before.table) === wordsOf(after.table) &&
    actionText(before.action) === actionText(after.action) &&
    factsOf(before) === factsOf(after) &&
    idsOf(before) === idsOf(after)
  );
}

const words = new WeakMap<Table, string>();

/** Everything outside of rules that their meaning rests on. */
export function wordsOf(table: Table): string {
  const { sets, groups, schedules, settings } = table.body;
  const known = words.get(table) ?? JSON.stringify([sets, groups, schedules, settings.environments]);
  words.set(table, known);
  return known;
}

const texts = new WeakMap<Action, string>();

/** All of an action that rules about it rest on. */
export function actionText(action: Action): string {
  const { params, open, classes, resources } = action;
  const known = texts.get(action) ?? JSON.stringify([params, open, classes, resources]);
  texts.set(action, known);
  return known;
}

function factsOf({ agent }: Part): string {
  return `${kindOf({ ...agent, review_by: 0 })} ${agent.owner}`;
}

function idsOf({ table, agent, action, blocks }: Part): string {
  return (blocks ?? blocksOf(table, agent))
    .flatMap(({ block }) =>
      [...block.rules, ...block.limits].filter((row) => maySelect(row, action)).map(({ id }) => id),
    )
    .toSorted()
    .join();
}
