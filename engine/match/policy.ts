/**
 * A table, indexed. What a request needs beyond the index is prepared when the first such request comes and kept, so
 * that loading ten thousand agents prepares none of their rules, and deciding for one never looks at another's.
 */
import type { Action, Agent, Approval, Block, Group, NamedSet, Schedule, Table } from "../table.ts";
import type { Formula } from "../formula/formula.ts";
import { OPENING } from "./opening.ts";
import type { BlockPlan, PreparedAction, Scoped } from "./plan.ts";

export interface Policy {
  readonly table: Table;
  readonly agents: ReadonlyMap<string, PreparedAgent>;
  readonly actions: ReadonlyMap<string, LazyAction>;
  readonly approvals: ReadonlyMap<string, Approval>;
  readonly sets: ReadonlyMap<string, NamedSet>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly schedules: ReadonlyMap<string, Schedule>;
  /** SHA-256 of each canary, in hex. */
  readonly canaries: ReadonlySet<string>;
  /** `session.open`, which every policy has and no table declares. */
  readonly opening: LazyAction;
  /** Formulas of single rules and limits, by action: for those who ask for one (`ruleRest`). */
  readonly formulas: WeakMap<Scoped, Map<string, Formula>>;
}

export interface PreparedAgent {
  readonly bundle: Bundle;
  readonly agent: Agent;
}

/** The blocks that concern an agent; agents with the same roles and no rules of their own share one. */
export interface Bundle {
  readonly blocks: readonly PreparedBlock[];
  /** Roles that the agent may become and doesn't have: their rules wait until the session has gained them. */
  readonly gainable: readonly PreparedBlock[];
  readonly plans: Map<string, Plan>;
  opening: Plan | null;
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
  /** Do plain grants stand in more than one block? Then each may grant where another's role is killed. */
  readonly severalGrant: boolean;
  /** What it restricts where the agent stands above the one that asks; null until somebody asks so. */
  asCaller: BlockPlan | null;
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
    canaries: new Set(body.canaries.map((canary) => canary.sha256)),
    opening: { action: OPENING, prepared: null },
    formulas: new WeakMap(),
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
      const gainable = gainableRoles(agent);
      const make = (): Bundle => ({
        blocks: [...everywhere, ...blocksOf(agent.roles, roles), ...(ownBlock === undefined ? [] : [ownBlock])],
        gainable: blocksOf(gainable, roles),
        plans: new Map(),
        opening: null,
      });
      const bundle = ownBlock === undefined ? sharedBundle(shared, [agent.roles, gainable], make) : make();
      return [agent.name, { bundle, agent }];
    }),
  );
}

function sharedBundle(shared: Map<string, Bundle>, roles: readonly (readonly string[])[], make: () => Bundle): Bundle {
  const key = JSON.stringify(roles);
  const found = shared.get(key) ?? make();
  shared.set(key, found);
  return found;
}

/** What it has already it needn't gain. */
function gainableRoles({ roles, may_become }: Agent): readonly string[] {
  return may_become.map(({ role }) => role).filter((role) => !roles.includes(role));
}

/** A role without rules has no block. */
function blocksOf(names: readonly string[], roles: ReadonlyMap<string, PreparedBlock>): readonly PreparedBlock[] {
  return [...new Set(names)].flatMap((name) => roles.get(name) ?? []);
}

function byName<T extends { readonly name: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}
