/** Which agents can do an action: with which outcomes, by which rules, within which limits, and through whom. */
import { blockTitle, durationText, selects } from "../../../engine/index.ts";
import type { Action, Agent, Limit, MayBecome, Rule, Table } from "../../../engine/index.ts";
import type { Cell, Example } from "../../matrix/cell.ts";
import { blocksOf } from "../../matrix/matrix.ts";
import { canBeAdmitted, type Outcome, outcomeKey } from "../../matrix/outcome.ts";
import { type Cells, readCells } from "../../matrix/read-cells.ts";
import { type Place, placeOf } from "../../place-of.ts";
import type { SpaceOptions } from "../space/possible-outcomes.ts";
import { type PlacedBlock } from "../space/side.ts";
import { conditionsOf, ruleWords } from "./rule-words.ts";

export interface WhoCan {
  readonly action: string;
  /** By name. */
  readonly agents: readonly AbleAgent[];
  /** Agents that may call one that can, or one that may call such a one in its turn. */
  readonly through: readonly Delegation[];
  /** Names of the agents that can't, neither themselves nor through another. */
  readonly others: readonly string[];
}

/** What it comes to for an agent, or for one that has gained a role. */
export interface Ability {
  /** Loosest first, denials last: `never` is a rule's, `none` that nothing grants it. */
  readonly outcomes: readonly AbleOutcome[];
  /** What can't be ruled out either, and why; null where `outcomes` are all there are. */
  readonly doubt: Cell["doubt"];
  /** Every rule that can take part, those on trial too. */
  readonly rules: readonly AbleRule[];
  readonly limits: readonly AbleLimit[];
}

export interface AbleAgent extends Ability {
  readonly agent: string;
  readonly roles: readonly string[];
  readonly requester_required: boolean;
  /** Roles to be gained for a time with which it comes to something else. */
  readonly gained: readonly GainedAbility[];
}

export interface GainedAbility extends Ability {
  readonly role: string;
  readonly via: string;
  /** `1h` */
  readonly duration: string;
}

export interface AbleOutcome extends Outcome {
  readonly example: Example;
}

export interface AbleRule {
  readonly id: string;
  readonly tier: Rule["tier"];
  readonly trial: boolean;
  readonly effect: "grants" | "restricts";
  readonly applies: "always" | "sometimes";
  /** `on …` and `when …`, as they are written. */
  readonly conditions: readonly string[];
  /** The same with whom it asks and tells. */
  readonly words: string;
  readonly text: string;
  /** `role sales`. */
  readonly block: string;
  readonly place: Place | null;
}

export interface AbleLimit {
  readonly id: string;
  readonly trial: boolean;
  readonly text: string;
  readonly block: string;
  readonly place: Place | null;
}

/** `caller` may call `agent` for the action. */
export interface Delegation {
  readonly caller: string;
  readonly agent: string;
}

export function whoCan(table: Table, action: Action, options: SpaceOptions = {}): WhoCan {
  const asked: Asked = { table, action, cells: readCells(table, options), told: new Map() };
  const found = table.body.agents.map((agent) => ({ agent, able: ableAgent(asked, agent) }));
  const agents = found.flatMap(({ able }) => (able === null ? [] : [able]));
  const through = callersOf(table, action, new Set(agents.map(({ agent }) => agent)));
  const callers = new Set(through.map(({ caller }) => caller));
  const others = found.flatMap(({ agent, able }) => (able === null && !callers.has(agent.name) ? [agent.name] : []));
  return { action: action.name, agents, through, others };
}

/** All calls of a chain are for the action, so that those who can reach it are found from the end. */
function callersOf(table: Table, action: Action, able: ReadonlySet<string>): readonly Delegation[] {
  const calls = table.body.agents.flatMap(({ name, may_call }) =>
    may_call
      .filter((call) => call.select.some((selector) => selects(selector, action, false)))
      .map((call) => ({ caller: name, agent: call.agent })),
  );
  const reaching = new Set(able);
  // A set that grows is walked to its end.
  for (const agent of reaching) {
    for (const call of calls) if (call.agent === agent) reaching.add(call.caller);
  }
  return calls.filter(({ agent }) => reaching.has(agent));
}

interface Asked {
  readonly table: Table;
  readonly action: Action;
  readonly cells: Cells;
  /** Agents share cells, and what is told of them. */
  readonly told: Map<Cell, Ability>;
}

function ableAgent(asked: Asked, agent: Agent): AbleAgent | null {
  const plain = { ...agent, may_become: [] };
  const own = placed(asked, agent, null);
  const cell = asked.cells.of(plain, asked.action, own, null);
  const gained = agent.may_become.flatMap((becoming) => gainedBy(asked, plain, becoming, cell));
  if (!mayBeAdmitted(cell) && gained.length === 0) return null;
  const { name, roles, requester_required } = agent;
  return { agent: name, roles, requester_required, ...abilityOf(asked, cell), gained };
}

function gainedBy(asked: Asked, agent: Agent, becoming: MayBecome, before: Cell): readonly GainedAbility[] {
  const { role, via, duration } = becoming;
  const cell = asked.cells.of(agent, asked.action, placed(asked, agent, role), role);
  const same = textOf(cell) === textOf(before);
  if (same || !mayBeAdmitted(cell)) return [];
  return [{ role, via, duration: durationText(duration), ...abilityOf(asked, cell) }];
}

function placed({ table }: Asked, agent: Agent, gained: string | null): readonly PlacedBlock[] {
  const roles = gained === null ? agent.roles : [...new Set([...agent.roles, gained])];
  return blocksOf(table, { ...agent, roles }).map((block) => ({ block, role: null }));
}

function mayBeAdmitted({ outcomes, doubt }: Cell): boolean {
  return canBeAdmitted([...outcomes, ...(doubt?.may_also ?? [])]);
}

function textOf({ outcomes, doubt }: Cell): string {
  return JSON.stringify([outcomes.map(outcomeKey), doubt]);
}

function abilityOf(asked: Asked, cell: Cell): Ability {
  const known = asked.told.get(cell);
  if (known !== undefined) return known;
  const ability = {
    outcomes: cell.outcomes.flatMap(({ tier, via, example }) => {
      const found = asked.cells.examples[example];
      return found === undefined ? [] : [{ tier, via, example: found }];
    }),
    doubt: cell.doubt,
    rules: cell.rules
      .flatMap(({ id, ...part }) => ableRules(asked.table, id, part))
      .toSorted((a, b) => TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier)),
    limits: cell.limits.flatMap((id) => ableLimits(asked.table, id)),
  };
  asked.told.set(cell, ability);
  return ability;
}

/** Loosest first, as outcomes are. */
const TIERS: readonly Rule["tier"][] = ["allow", "notify", "ask", "never"];

function ableRules(table: Table, id: string, part: Omit<Cell["rules"][number], "id">): readonly AbleRule[] {
  return table.body.blocks.flatMap((block) =>
    block.rules
      .filter((rule) => rule.id === id)
      .map((rule) => {
        const { tier, text } = rule;
        const said = { conditions: conditionsOf(text), words: ruleWords(rule), text };
        return { id, tier, ...part, ...said, block: blockTitle(block), place: placeOf(table, id) };
      }),
  );
}

function ableLimits(table: Table, id: string): readonly AbleLimit[] {
  const isIt = (limit: Limit): boolean => limit.id === id;
  return table.body.blocks.flatMap((block) =>
    block.limits
      .filter(isIt)
      .map(({ trial, text }) => ({ id, trial, text, block: blockTitle(block), place: placeOf(table, id) })),
  );
}
