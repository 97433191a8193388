/** One agent's blocks and one action, as the decision space sees them, with the row of each rule at hand. */
import { type Action, maySelect, type Table } from "../../../engine/index.ts";
import { cellKey } from "../../analysis/space/cell-key.ts";
import { type Cell, type CellRow, cellOf, type Effort } from "../../analysis/space/cell.ts";
import { groundOf } from "../../analysis/space/ground.ts";
import { type PlacedBlock, sideOf } from "../../analysis/space/side.ts";
import { draftTable } from "../../lower/lower-table.ts";
import { ruleId } from "../../lower/row-id.ts";
import type { Program, ResolvedBlock, ResolvedRule } from "../../program.ts";
import type { Bundle } from "./bundle.ts";
import { type CellEntry, type CellMemory, vocabularyOf } from "./cell-memory.ts";

/** A rule in a cell. */
export interface Told {
  readonly id: string;
  readonly rule: ResolvedRule;
  readonly block: ResolvedBlock;
}

export interface RuleCell {
  /** Every enforced rule that can be about the action. */
  readonly told: readonly Told[];
  /** What may still be spent on all cells of the policy. */
  readonly effort: Effort;
  readonly entry: CellEntry;
  /** Made when something is asked that isn't known yet. */
  readonly space: () => RuleSpace;
}

export interface RuleSpace {
  readonly cell: Cell;
  /** By the rule's id. */
  readonly rows: ReadonlyMap<string, CellRow>;
  /** What the agent itself requires; it denies like a rule. */
  readonly required: readonly CellRow[];
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
export function cellReader(program: Program, today: number | null, memory: CellMemory): CellReader {
  const known = new Map<string, RuleCell | null>();
  const effort = { left: MOST_LOOKS };
  const from = today === null ? BEGINNING : today - (today % DAY);
  const before = memory.entries;
  memory.entries = new Map();
  let shared: Shared | null = null;
  return (bundle, action) => {
    shared ??= sharedOf(program);
    const { table, placed, vocabulary } = shared;
    const { agent } = bundle;
    const resolved = [...bundle.own, ...bundle.every];
    const blocks = resolved.flatMap((block) => placed.get(block) ?? []);
    const key = cellKey({ table, agent, action, blocks }, { from });
    const found = known.get(key);
    if (found !== undefined) return found;
    if (effort.left <= 0) return null;
    const content = [vocabulary, key, JSON.stringify(action), ...rulesOn(blocks, action)].join("\n");
    const entry: CellEntry = before.get(content) ?? { told: undefined, answers: new Map() };
    memory.entries.set(content, entry);
    const made = ruleCell({ table, bundle, action, blocks, resolved, from, effort }, entry);
    effort.left -= MAKING;
    known.set(key, made);
    return made;
  };
}

interface Shared {
  readonly table: Table;
  readonly placed: PlacedBlocks;
  readonly vocabulary: string;
}

function sharedOf(program: Program): Shared {
  const table = draftTable(program);
  return { table, placed: placedBlocks(program, table), vocabulary: vocabularyOf(table) };
}

/** Ids of the rules that can be about the action: each stands for all that the rule says. */
function rulesOn(blocks: readonly PlacedBlock[], action: Action): readonly string[] {
  return blocks.flatMap(({ block }) =>
    block.rules.filter((rule) => !rule.trial && maySelect(rule, action)).map(({ id }) => id),
  );
}

/** Where nobody says what day it is, rules are judged over all time; else from the day's start in UTC on. */
const BEGINNING = 0;
const DAY = 86_400_000;

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

function ruleCell(place: Place, entry: CellEntry): RuleCell | null {
  let made: RuleSpace | null = null;
  const space = (): RuleSpace => (made ??= makeSpace(place));
  if (entry.told === undefined) entry.told = isTooLarge(place) ? null : [...space().rows.keys()];
  return entry.told === null ? null : { told: toldIn(place, entry.told), effort: place.effort, entry, space };
}

/** The rules behind the ids. */
function toldIn({ resolved, action }: Place, ids: readonly string[]): readonly Told[] {
  const taking = new Set(ids);
  return resolved.flatMap((block) =>
    block.rules.flatMap((rule): readonly Told[] => {
      if (rule.trial || !rule.actions.includes(action)) return [];
      const id = ruleId(block, rule);
      return taking.has(id) ? [{ id, rule, block }] : [];
    }),
  );
}

function isTooLarge({ action, resolved }: Place): boolean {
  const about = resolved.flatMap((block) => block.rules.filter((rule) => !rule.trial && rule.actions.includes(action)));
  return about.length > MOST_RULES || patternsOf(action, resolved) > MOST_PATTERNS;
}

function makeSpace({ table, bundle: { agent }, action, blocks, from }: Place): RuleSpace {
  const { ground, bounds } = groundOf([{ table, agent, action }], from);
  const cell = cellOf([sideOf(table, agent, action, { blocks, withoutLimits: true })], ground, bounds);
  const rows = new Map(cell.rows.flatMap((row) => (row.row.rule === null ? [] : [[row.row.rule.id, row] as const])));
  return { cell, rows, required: cell.rows.filter(({ row }) => row.kind === "requester") };
}
