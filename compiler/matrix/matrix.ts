/**
 * A policy as a matrix: agents × actions, and in each cell every outcome that a well-formed request can have.
 * Pure analysis of the table; kills, wrong arguments, limits that are used up and review dates are no part of an
 * outcome. Limits stand beside the cell, trial rules too: they never decide.
 */
import type { Action, Agent, Block, Condition, Limit, MayBecome, Rule, Table } from "../../engine/index.ts";
import { type Place, placeOf } from "../place-of.ts";
import type { CaseSpace } from "./case-space.ts";
import { canBeAdmitted, type Candidate, type Outcome, outcomesOf } from "./outcomes.ts";
import { durationOf, type MatrixBecoming, type MatrixCall, matrixCall } from "./reach.ts";
import { pointsOf } from "./points.ts";
import { ruleFormula, scopeFormula } from "./rule-formula.ts";
import { FALSE, type Formula, possible, TRUE } from "./truth.ts";

export interface Matrix {
  readonly policy: string;
  readonly hash: string;
  readonly agents: readonly MatrixAgent[];
  readonly actions: readonly MatrixAction[];
  /** By agent, then by action, in the order of the two lists. */
  readonly cells: readonly (readonly Cell[])[];
  /** Ids of the limits that count wherever anything is granted; said once, instead of in each cell. */
  readonly limits_on_all: readonly string[];
  /** Every rule and limit that a cell names, by id. */
  readonly rules: { readonly [id: string]: MatrixRule };
}

export interface MatrixAgent {
  readonly name: string;
  readonly purpose: string;
  readonly owner: string;
  readonly roles: readonly string[];
  readonly requester_required: boolean;
  readonly may_call: readonly MatrixCall[];
  readonly may_become: readonly MatrixBecoming[];
}

export interface MatrixAction {
  readonly name: string;
  /** With a `?` where the class depends on the arguments. */
  readonly classes: readonly string[];
  readonly doc: string | null;
}

export interface MatrixRule {
  readonly kind: "rule" | "limit";
  readonly tier: Rule["tier"] | null;
  readonly trial: boolean;
  /** `role sales`, `agent sales_bot`, `every agent`. */
  readonly block: string;
  readonly text: string;
  readonly doc: string | null;
  readonly place: Place | null;
}

export interface Cell {
  /** Loosest first; more than one where it depends on the request. */
  readonly outcomes: readonly Outcome[];
  readonly rules: readonly CellRule[];
  /** Ids of the limits that can count this action. */
  readonly limits: readonly string[];
}

export interface CellRule {
  readonly id: string;
  readonly effect: "grants" | "restricts";
  readonly applies: "always" | "sometimes";
  readonly trial: boolean;
}

/** Computes the matrix, for all agents or those named. Agents and actions keep the table's order, which is by name. */
export function matrix(table: Table, options: { readonly agents?: readonly string[] } = {}): Matrix {
  const agents = table.body.agents.filter((agent) => options.agents?.includes(agent.name) ?? true);
  const actions = table.body.actions;
  const cells = agents.map((agent) => {
    const blocks = blocksOf(table, agent);
    return actions.map((action) => cellOf(blocks, agent, action));
  });
  return {
    policy: table.body.name,
    hash: table.hash,
    agents: agents.map((agent, index) => matrixAgent(table, agent, cells[index] ?? [])),
    actions: actions.map((action) => ({ name: action.name, classes: classNames(action), doc: action.doc })),
    cells,
    limits_on_all: limitsOnAll(cells.flat()),
    rules: rulesOf(table, agents),
  };
}

function matrixAgent(table: Table, agent: Agent, cells: readonly Cell[]): MatrixAgent {
  const { name, purpose, owner, roles, requester_required, may_call, may_become } = agent;
  return {
    name,
    purpose,
    owner,
    roles,
    requester_required,
    may_call: may_call.map(matrixCall),
    may_become: may_become.map((becoming) => matrixBecoming(table, agent, cells, becoming)),
  };
}

function matrixBecoming(table: Table, agent: Agent, cells: readonly Cell[], becoming: MayBecome): MatrixBecoming {
  const { role, via } = becoming;
  const own = blocksOf(table, agent);
  const gained = table.body.blocks.filter(
    (block) => block.kind === "role" && block.name === role && !own.includes(block),
  );
  const gains = table.body.actions.flatMap((action, index) => {
    const { outcomes } = cellOf([...own, ...gained], agent, action);
    const same = JSON.stringify(outcomes) === JSON.stringify(cells[index]?.outcomes);
    return same ? [] : [{ action: action.name, outcomes }];
  });
  const rules = gained.flatMap((block) => [...block.rules, ...block.limits].map((row) => row.id));
  return { role, via, duration: durationOf(becoming), gains, rules };
}

/** The blocks that concern an agent: `every agent`, its roles, its own. */
export function blocksOf(table: Table, agent: Agent): readonly Block[] {
  return table.body.blocks.filter(
    (block) =>
      block.kind === "every" ||
      (block.kind === "role" && agent.roles.includes(block.name)) ||
      (block.kind === "agent" && block.name === agent.name),
  );
}

/** `role sales`, as people name a block. */
export function blockTitle(block: Pick<Block, "kind" | "name">): string {
  return block.kind === "every" ? "every agent" : `${block.kind} ${block.name}`;
}

function cellOf(blocks: readonly Block[], agent: Agent, action: Action): Cell {
  const space: CaseSpace = { agent, action, points: pointsOf(conditionsOf(blocks, action)), variables: new Map() };
  const entries = blocks.flatMap((block) => block.rules.map((rule) => entryOf(rule, block, space)));
  const enforced = entries.filter((entry) => !entry.rule.trial);
  const limits = blocks.flatMap((block) => block.limits).filter((limit) => canCount(limit, space));
  return {
    outcomes: outcomesOf(enforced.map((entry) => entry.candidate)),
    rules: entries.flatMap(cellRule),
    limits: limits.map((limit) => limit.id),
  };
}

function limitsOnAll(cells: readonly Cell[]): readonly string[] {
  const [first, ...others] = cells.filter((cell) => canBeAdmitted(cell.outcomes));
  if (first === undefined || others.length === 0) return [];
  return first.limits.filter((id) => others.every((cell) => cell.limits.includes(id)));
}

interface Entry {
  readonly rule: Rule;
  readonly candidate: Candidate;
}

function entryOf(rule: Rule, block: Block, space: CaseSpace): Entry {
  const grants = block.kind === "every" || rule.tier === "never" ? null : ruleFormula(rule, space, "grants");
  const restricts = rule.tier === "allow" ? null : ruleFormula(rule, space, "restricts");
  return { rule, candidate: { tier: rule.tier, via: rule.via, grants, restricts } };
}

/** A rule's part in a cell; none where it can neither grant nor restrict. */
function cellRule({ rule, candidate }: Entry): readonly CellRule[] {
  const granting = truths(candidate.grants);
  const restricting = truths(candidate.restricts);
  const grants = granting.has(TRUE);
  if (!grants && [...restricting].every((truth) => truth === FALSE)) return [];
  const always = grants ? granting.size === 1 : !restricting.has(FALSE);
  return [
    {
      id: rule.id,
      effect: grants ? "grants" : "restricts",
      applies: always ? "always" : "sometimes",
      trial: rule.trial,
    },
  ];
}

function truths(formula: Formula | null): ReadonlySet<number> {
  return formula === null ? new Set() : possible(formula);
}

function canCount(limit: Limit, space: CaseSpace): boolean {
  const truth = possible(scopeFormula(limit.scope, limit.when, space, "restricts"));
  return [...truth].some((one) => one !== FALSE);
}

function conditionsOf(blocks: readonly Block[], action: Action): readonly Condition[] {
  const rules = blocks.flatMap((block) => block.rules.map((rule) => rule.when));
  return [...rules, ...action.classes.map((item) => item.when)].filter((condition) => condition !== null);
}

function classNames(action: Action): readonly string[] {
  return action.classes.map((item) => (item.when === null ? item.name : `${item.name}?`));
}

function rulesOf(table: Table, agents: readonly Agent[]): { readonly [id: string]: MatrixRule } {
  const roles = new Set(agents.flatMap(({ may_become }) => may_become.map(({ role }) => role)));
  const gained = table.body.blocks.filter((block) => block.kind === "role" && roles.has(block.name));
  const blocks = new Set([...agents.flatMap((agent) => blocksOf(table, agent)), ...gained]);
  const entries = [...blocks].flatMap((block) =>
    [...block.rules, ...block.limits].map((row): [string, MatrixRule] => [
      row.id,
      {
        kind: "tier" in row ? "rule" : "limit",
        tier: "tier" in row ? row.tier : null,
        trial: row.trial,
        block: blockTitle(block),
        text: row.text,
        doc: row.doc,
        place: placeOf(table, row.id),
      },
    ]),
  );
  return Object.fromEntries(entries);
}
