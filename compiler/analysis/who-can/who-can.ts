/** Which agents can do an action: with which outcomes, by which rules, within which limits, and through whom. */
import type { Action, Agent, Limit, Table } from "../../../engine/index.ts";
import { agentGroups } from "../agent-groups.ts";
import type { Fate } from "../space/effect.ts";
import { possibleOutcomes, type SpaceOptions } from "../space/possible-outcomes.ts";
import { blocksOf, selects } from "../space/side.ts";

export interface WhoCan {
  readonly action: string;
  readonly agents: readonly AbleAgent[];
  /** Agents that can do none of it and may call one that can. */
  readonly through: readonly Delegation[];
  /** How many agents can't. */
  readonly others: number;
}

export interface AbleAgent {
  readonly agent: string;
  /** Loosest first, without `deny`. */
  readonly outcomes: readonly Fate[];
  /** Is something of it denied too? */
  readonly sometimes: boolean;
  /** Why an outcome may be missing; null where none is. */
  readonly inexact: string | null;
  readonly rules: readonly GrantingRule[];
  /** As they are written. */
  readonly limits: readonly string[];
  /** Roles without which it can't, to be gained by elevation; empty where it can without. */
  readonly only_as: readonly string[];
  /** A request that gets the loosest of it. */
  readonly example: object;
}

export interface GrantingRule {
  readonly text: string;
  /** `role sales`. */
  readonly block: string;
}

/** `caller` may call `agent` for the action. */
export interface Delegation {
  readonly caller: string;
  readonly agent: string;
}

export function whoCan(table: Table, action: Action, options: SpaceOptions = {}): WhoCan {
  const agents = agentGroups(table).flatMap((group) => {
    const [first] = group;
    const found = first === undefined ? null : ableAs(table, first, action, options);
    return found === null ? [] : group.map(({ name }) => ({ ...found, agent: name }));
  });
  const able = new Set(agents.map(({ agent }) => agent));
  const through = table.body.agents.flatMap(({ name, may_call }) =>
    may_call
      .filter((call) => able.has(call.agent) && call.select.some((selector) => selects(selector, action, false)))
      .map((call) => ({ caller: name, agent: call.agent })),
  );
  const sorted = agents.toSorted((a, b) => (a.agent < b.agent ? -1 : 1));
  return { action: action.name, agents: sorted, through, others: table.body.agents.length - able.size };
}

const LOOSENESS: { readonly [tier in Fate["tier"]]: number } = { allow: 0, notify: 1, ask: 2, deny: 3 };

function ableAs(table: Table, agent: Agent, action: Action, options: SpaceOptions): Omit<AbleAgent, "agent"> | null {
  const { outcomes, inexact } = possibleOutcomes({ table, agent, action }, options);
  const able = outcomes
    .filter(({ fate }) => fate.tier !== "deny")
    .toSorted((a, b) => LOOSENESS[a.fate.tier] - LOOSENESS[b.fate.tier]);
  const [loosest] = able;
  if (loosest === undefined) return null;
  const { sha256: _, ...request } = loosest.question.request;
  return {
    outcomes: able.map(({ fate }) => fate),
    sometimes: outcomes.length > able.length,
    inexact,
    rules: grantsOf(table, agent, action),
    limits: limitsOf(table, agent, action).map(({ text }) => text),
    only_as: onlyAs(table, agent, action, options),
    example: { ...request, at: new Date(request.at).toISOString() },
  };
}

function grantsOf(table: Table, agent: Agent, action: Action): readonly GrantingRule[] {
  return blocksOf(table, agent).flatMap(({ block }) =>
    block.kind === "every"
      ? []
      : block.rules
          .filter((rule) => !rule.trial && rule.tier !== "never" && isAbout(rule.scope, action))
          .map(({ text }) => ({ text, block: `${block.kind} ${block.name}` })),
  );
}

function limitsOf(table: Table, agent: Agent, action: Action): readonly Limit[] {
  return blocksOf(table, agent).flatMap(({ block }) =>
    block.limits.filter((limit) => !limit.trial && isAbout(limit.scope, action)),
  );
}

function isAbout({ select, except, on }: Limit["scope"], action: Action): boolean {
  if (on !== null && action.resources === null) return false;
  return select.some((one) => selects(one, action, false)) && !except.some((one) => selects(one, action, true));
}

/** Where nothing is left without the roles that it may gain. */
function onlyAs(table: Table, agent: Agent, action: Action, options: SpaceOptions): readonly string[] {
  if (agent.may_become.length === 0) return [];
  const plain = { ...agent, may_become: [] };
  const { outcomes } = possibleOutcomes({ table, agent: plain, action }, options);
  const without = outcomes.some(({ fate }) => fate.tier !== "deny");
  return without ? [] : agent.may_become.map(({ role }) => role);
}
