/** One agent's blocks and one action, as the decision space sees them, with the row of each rule at hand. */
import type { Action, Table } from "../../../engine/index.ts";
import { cellKey } from "../../analysis/space/cell-key.ts";
import { type Cell, type CellRow, cellOf, type Effort } from "../../analysis/space/cell.ts";
import { groundOf } from "../../analysis/space/ground.ts";
import { type PlacedBlock, sideOf } from "../../analysis/space/side.ts";
import { lowerTable } from "../../lower/lower-table.ts";
import { ruleId } from "../../lower/row-id.ts";
import type { Program, ResolvedBlock, ResolvedRule } from "../../program.ts";
import type { Bundle } from "./bundle.ts";

/** A rule in a cell. */
export interface Told {
  readonly rule: ResolvedRule;
  readonly block: ResolvedBlock;
  readonly row: CellRow;
}

export interface RuleCell {
  readonly cell: Cell;
  /** Every enforced rule that can be about the action. */
  readonly told: readonly Told[];
  /** What the agent itself requires; it denies like a rule. */
  readonly required: readonly CellRow[];
  /** What may still be spent on all cells of the policy. */
  readonly effort: Effort;
}

/** Null where the policy is too large to look at one more. */
export type CellReader = (bundle: Bundle, action: Action) => RuleCell | null;

/** Looks at rows in cases for all of a policy: what lies beyond isn't spoken of. */
const MOST_LOOKS = 1_000_000;
/** What making a cell takes: so a policy of up to some hundred of them is looked at whole. */
const MAKING = 8000;
/** Where more rules are about one action, nothing is said of them: each is held against all the others. */
const MOST_RULES = 150;

/** Agents whose blocks say the same of an action share its cell. */
export function cellReader(program: Program, today: number | null): CellReader {
  const known = new Map<string, RuleCell | null>();
  const effort = { left: MOST_LOOKS };
  const from = today ?? BEGINNING;
  let table: Table | null = null;
  let placed: PlacedBlocks | null = null;
  return (bundle, action) => {
    table ??= lowerTable(program, []);
    placed ??= placedBlocks(program, table);
    const { agent } = bundle;
    const resolved = [...bundle.own, ...bundle.every];
    const blocks = resolved.flatMap((block) => placed?.get(block) ?? []);
    const key = cellKey({ table, agent, action, blocks }, { from });
    const found = known.get(key);
    if (found !== undefined) return found;
    if (effort.left <= 0) return null;
    const made = makeCell({ table, bundle, action, blocks, resolved, from, effort });
    effort.left -= MAKING;
    known.set(key, made);
    return made;
  };
}

/** Where nobody says what day it is, rules are judged over all time. */
const BEGINNING = 0;

type PlacedBlocks = ReadonlyMap<ResolvedBlock, PlacedBlock>;

function placedBlocks(program: Program, { body }: Table): PlacedBlocks {
  const byName = new Map(body.blocks.map((block) => [`${block.kind} ${block.name}`, block]));
  return new Map(
    program.blocks.flatMap((resolved): [ResolvedBlock, PlacedBlock][] => {
      const block = byName.get(`${resolved.kind} ${resolved.name}`);
      return block === undefined ? [] : [[resolved, { block, role: null }]];
    }),
  );
}

interface Place {
  readonly table: Table;
  readonly bundle: Bundle;
  readonly action: Action;
  readonly blocks: readonly PlacedBlock[];
  readonly resolved: readonly ResolvedBlock[];
  readonly from: number;
  readonly effort: Effort;
}

/** More patterns of one action than these make an automaton that no process holds. */
const MOST_PATTERNS = 300;

function patternsOf(action: Action, resolved: readonly ResolvedBlock[]): number {
  const about = resolved.flatMap((block) => block.rules.filter((rule) => rule.actions.includes(action)));
  return about.reduce((sum, { scope }) => sum + (scope.on?.length ?? 0) + scope.on_except.length, 0);
}

function makeCell({ table, bundle: { agent }, action, blocks, resolved, from, effort }: Place): RuleCell | null {
  if (patternsOf(action, resolved) > MOST_PATTERNS) return null;
  const { ground, bounds } = groundOf([{ table, agent, action }], from);
  const side = sideOf(table, agent, action, { blocks, withoutLimits: true });
  if (side.rows.length > MOST_RULES) return null;
  const cell = cellOf([side], ground, bounds);
  const rows = new Map(cell.rows.flatMap((row) => (row.row.rule === null ? [] : [[row.row.rule.id, row] as const])));
  const told = resolved.flatMap((block) =>
    block.rules.flatMap((rule): readonly Told[] => {
      const row = rule.trial || !rule.actions.includes(action) ? undefined : rows.get(ruleId(block, rule));
      return row === undefined ? [] : [{ rule, block, row }];
    }),
  );
  return { cell, told, effort, required: cell.rows.filter(({ row }) => row.kind === "requester") };
}
