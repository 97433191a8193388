/**
 * A policy as a matrix: agents × actions, and in each cell every outcome that a well-formed request can have, with a
 * request that has it. Pure analysis of the table; kills, wrong arguments, counts of limits and review dates are no
 * part of an outcome. Limits stand beside the cell, trial rules too: they never decide.
 */
import { blockReach, blockTitle } from "../../engine/index.ts";
import type { Action, Agent, Block, MayBecome, Rule, Table } from "../../engine/index.ts";
import type { PlacedBlock } from "../analysis/space/side.ts";
import { type Place, placeOf } from "../place-of.ts";
import type { Cell, Example } from "./cell.ts";
import { canBeAdmitted, outcomeKey, type Outcome } from "./outcome.ts";
import { type Cells, readCells } from "./read-cells.ts";
import { durationOf, type MatrixBecoming, type MatrixCall, matrixCall } from "./reach.ts";

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
  /** Every request that an outcome names, by id. */
  readonly examples: { readonly [id: string]: Example };
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

/** Computes the matrix, for all agents or those named. Agents and actions keep the table's order, which is by name. */
export function matrix(table: Table, options: { readonly agents?: readonly string[] } = {}): Matrix {
  const agents = table.body.agents.filter((agent) => options.agents?.includes(agent.name) ?? true);
  const actions = table.body.actions;
  const reader = readCells(table);
  const cells = agents.map((agent) => {
    const own = asIs(agent);
    const blocks = placed(blocksOf(table, agent), null);
    return actions.map((action) => reader.of(own, action, blocks, null));
  });
  const shown = agents.map((agent, index) => matrixAgent(table, agent, cells[index] ?? [], reader));
  return {
    policy: table.body.name,
    hash: table.hash,
    agents: shown,
    actions: actions.map((action) => ({ name: action.name, classes: classNames(action), doc: action.doc })),
    cells,
    limits_on_all: limitsOnAll(cells.flat()),
    rules: rulesOf(table, agents),
    examples: reader.examples,
  };
}

/** With the roles that it always has. */
function asIs(agent: Agent): Agent {
  return { ...agent, may_become: [] };
}

function placed(blocks: readonly Block[], role: string | null): readonly PlacedBlock[] {
  return blocks.map((block) => ({ block, role }));
}

function matrixAgent(table: Table, agent: Agent, cells: readonly Cell[], reader: Cells): MatrixAgent {
  const { name, purpose, owner, roles, requester_required, may_call, may_become } = agent;
  return {
    name,
    purpose,
    owner,
    roles,
    requester_required,
    may_call: may_call.map(matrixCall),
    may_become: may_become.map((becoming) => matrixBecoming({ table, agent, cells, reader }, becoming)),
  };
}

interface AgentRow {
  readonly table: Table;
  readonly agent: Agent;
  readonly cells: readonly Cell[];
  readonly reader: Cells;
}

function matrixBecoming({ table, agent, cells, reader }: AgentRow, becoming: MayBecome): MatrixBecoming {
  const { role, via } = becoming;
  const own = blocksOf(table, agent);
  const gained = table.body.blocks.filter(
    (block) => block.kind === "role" && block.name === role && !own.includes(block),
  );
  const blocks = placed([...own, ...gained], null);
  const as = asIs(agent);
  const gains = table.body.actions.flatMap((action, index) => {
    const { outcomes, doubt } = reader.of(as, action, blocks, role);
    const same = told(outcomes) === told(cells[index]?.outcomes ?? []);
    return same && doubt === null ? [] : [{ action: action.name, outcomes, doubt }];
  });
  const rules = gained.flatMap((block) => [...block.rules, ...block.limits].map((row) => row.id));
  return { role, via, duration: durationOf(becoming), gains, rules };
}

function told(outcomes: readonly Outcome[]): string {
  return outcomes.map(outcomeKey).join(" | ");
}

/** The blocks that concern an agent: `every agent`, its roles, its own. */
export function blocksOf(table: Table, agent: Agent): readonly Block[] {
  return table.body.blocks.filter((block) => blockReach(block, agent) === "always");
}

/** Where there is only one cell to count in, its limits stand there. */
function limitsOnAll(cells: readonly Cell[]): readonly string[] {
  const admitted = cells.filter((cell) => canBeAdmitted(cell.outcomes));
  const [first, ...others] = new Set(admitted);
  if (first === undefined || admitted.length === 1) return [];
  return first.limits.filter((id) => others.every((cell) => cell.limits.includes(id)));
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
