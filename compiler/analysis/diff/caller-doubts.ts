/**
 * Sessions below others: of a caller only the restrictions count, also over what it could never do itself. Where they
 * change, what its callees do may be looser; which callee, and after what, isn't looked into.
 */
import { selects } from "../../../engine/index.ts";
import type { Action, Agent, Table } from "../../../engine/index.ts";
import { blocksOf, type PlacedBlock } from "../space/side.ts";
import type { Tables } from "./approval-order.ts";
import { ANYTHING } from "./anything.ts";
import { type CompareOptions, compareCell } from "./compare-cell.ts";
import type { Doubt } from "./policy-diff.ts";

/** One for each caller and action that agents below it may do more freely than before. */
export function callerDoubts(tables: Tables, options: CompareOptions): readonly Doubt[] {
  const old = new Map(tables.before.body.agents.map((agent) => [agent.name, agent]));
  const actions = new Map(tables.before.body.actions.map((action) => [action.name, action]));
  return tables.after.body.agents.flatMap((agent) => {
    const before = old.get(agent.name);
    if (before === undefined || agent.may_call.length === 0) return [];
    return tables.after.body.actions.flatMap((action) => {
      const known = actions.get(action.name);
      if (known === undefined || !mayCallFor(agent, action) || !mayCallFor(before, known)) return [];
      return doubtOn({ agent: before, action: known }, { agent, action }, tables, options);
    });
  });
}

interface Place {
  readonly agent: Agent;
  readonly action: Action;
}

/** What it newly may call is told by itself. */
function mayCallFor({ may_call }: Agent, action: Action): boolean {
  return may_call.some(({ select }) => select.some((selector) => selects(selector, action, false)));
}

function doubtOn(before: Place, after: Place, tables: Tables, options: CompareOptions): readonly Doubt[] {
  const old = { ...before, table: tables.before, blocks: asCaller(tables.before, before.agent) };
  const now = { ...after, table: tables.after, blocks: asCaller(tables.after, after.agent) };
  const { looser, doubt, rules } = compareCell(old, now, { ...options, real: null });
  if (looser === null && doubt === null) return [];
  const { agent, action } = after;
  const why = `agents that \`${agent.name}\` calls are held by its restrictions, and these changed`;
  return [{ direction: "looser", agents: [agent.name], action: action.name, why, rules }];
}

/** Its own rules and its roles' as restrictions, over anything. Roles that it gains don't count for what it calls. */
function asCaller(table: Table, agent: Agent): readonly PlacedBlock[] {
  const own = blocksOf(table, agent).filter(({ role }) => role === null);
  return [...own.map(({ block }) => ({ block: { ...block, kind: "every" as const }, role: null })), ANYTHING];
}
