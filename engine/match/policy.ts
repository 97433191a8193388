/**
 * A table, indexed. What a request needs beyond the index is prepared when the first such request comes and kept, so
 * that loading ten thousand agents prepares none of their rules, and deciding for one never looks at another's.
 */
import type { Action, Agent, Approval, Block, Group, NamedSet, Schedule, Table } from "../table.ts";
import type { BlockPlan, PreparedAction } from "./plan.ts";

export interface Policy {
  readonly table: Table;
  readonly agents: ReadonlyMap<string, PreparedAgent>;
  readonly actions: ReadonlyMap<string, LazyAction>;
  readonly approvals: ReadonlyMap<string, Approval>;
  readonly sets: ReadonlyMap<string, NamedSet>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly schedules: ReadonlyMap<string, Schedule>;
}

export interface PreparedAgent {
  readonly bundle: Bundle;
  readonly agent: Agent;
}

/** The blocks that concern an agent; agents with the same roles and no rules of their own share one. */
export interface Bundle {
  readonly blocks: readonly PreparedBlock[];
  readonly plans: Map<string, Plan>;
}

export interface PreparedBlock {
  readonly block: Block;
  readonly plans: Map<string, BlockPlan>;
}

/** Everything that may concern one action of one bundle. */
export interface Plan extends BlockPlan {
  readonly action: PreparedAction;
  /** Does any of its rules or limits name an approval? */
  readonly mayAsk: boolean;
}

export interface LazyAction {
  readonly action: Action;
  prepared: PreparedAction | null;
}

/** Takes a table that `readTable` or the compiler gave: its cross references are not checked again. */
export function prepare(table: Table): Policy {
  const { body } = table;
  return {
    table,
    agents: prepareAgents(body.agents, body.blocks),
    actions: new Map(body.actions.map((action) => [action.name, { action, prepared: null }])),
    approvals: byName(body.approvals),
    sets: byName(body.sets),
    groups: byName(body.groups),
    schedules: byName(body.schedules),
  };
}

function prepareAgents(agents: readonly Agent[], blocks: readonly Block[]): Map<string, PreparedAgent> {
  const everywhere: PreparedBlock[] = [];
  const roles = new Map<string, PreparedBlock>();
  const own = new Map<string, PreparedBlock>();
  for (const block of blocks) {
    const prepared = { block, plans: new Map<string, BlockPlan>() };
    if (block.kind === "every") everywhere.push(prepared);
    else (block.kind === "role" ? roles : own).set(block.name, prepared);
  }
  const shared = new Map<string, Bundle>();
  return new Map(
    agents.map((agent) => {
      const ownBlock = own.get(agent.name);
      const bundle =
        ownBlock === undefined
          ? sharedBundle(shared, everywhere, rolesOf(agent, roles), agent.roles)
          : bundleOf([...everywhere, ...rolesOf(agent, roles), ownBlock]);
      return [agent.name, { bundle, agent }];
    }),
  );
}

function sharedBundle(
  shared: Map<string, Bundle>,
  everywhere: readonly PreparedBlock[],
  roles: readonly PreparedBlock[],
  names: readonly string[],
): Bundle {
  const key = JSON.stringify(names);
  const found = shared.get(key) ?? bundleOf([...everywhere, ...roles]);
  shared.set(key, found);
  return found;
}

function bundleOf(blocks: readonly PreparedBlock[]): Bundle {
  return { blocks, plans: new Map() };
}

/** A role without rules has no block. */
function rolesOf(agent: Agent, roles: ReadonlyMap<string, PreparedBlock>): readonly PreparedBlock[] {
  return [...new Set(agent.roles)].flatMap((name) => roles.get(name) ?? []);
}

function byName<T extends { readonly name: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}
