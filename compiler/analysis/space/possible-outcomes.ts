/** What can come of one agent's requests for one action, each with a request that shows it. */
import type { Action, Agent, Table } from "../../../engine/index.ts";
import { CELL_EFFORT, cellOf, type Effort, spentOn } from "./cell.ts";
import type { Fate } from "./effect.ts";
import type { Question } from "./question.ts";
import { type PlacedBlock, sideOf, type SideOptions } from "./side.ts";
import { walk } from "./walk.ts";
import { groundOf } from "./ground.ts";

/** An agent and an action of a table: the rows themselves, not their names. */
export interface CellName {
  readonly table: Table;
  readonly agent: Agent;
  readonly action: Action;
}

export interface PossibleOutcomes {
  readonly outcomes: readonly PossibleOutcome[];
  /** Why an outcome may be missing; null where none is. */
  readonly inexact: string | null;
}

export interface PossibleOutcome {
  readonly fate: Fate;
  readonly question: Question;
}

export interface SpaceOptions {
  /** UTC milliseconds: what is past matters to nobody. */
  readonly from?: number;
}

export interface OutcomeOptions extends SpaceOptions {
  /** One outcome for each thing that denies, as `fate.denial` names it. */
  readonly denials?: boolean;
  /** Instead of the agent's own blocks. */
  readonly blocks?: readonly PlacedBlock[];
  /** What may be spent, where that is less than any cell may: what is taken is taken from it. */
  readonly effort?: Effort;
}

/**
 * Every fate that a well-formed request can have while no limit is used up: `deny`, `ask` with its approvals, `notify`
 * with its channels, `allow`. Each one is real; `inexact` says why one may be missing.
 */
export function possibleOutcomes({ table, agent, action }: CellName, options: OutcomeOptions = {}): PossibleOutcomes {
  const { ground, bounds } = groundOf([{ table, agent, action }], options.from);
  const side = sideOf(table, agent, action, options.blocks === undefined ? {} : { blocks: options.blocks });
  const cell = cellOf([side], ground, bounds);
  const given = Math.min(cell.effort.left, options.effort?.left ?? CELL_EFFORT);
  cell.effort.left = given;
  const { found, inexact } = walk(cell, { denials: options.denials === true });
  if (options.effort !== undefined) options.effort.left -= spentOn(cell, given);
  const outcomes = found.flatMap(({ fates: [fate], chosen }) =>
    fate === undefined ? [] : [{ fate, question: cell.question(chosen) }],
  );
  return { outcomes, inexact };
}

export interface CanDecide {
  readonly verdict: "yes" | "no" | "unknown";
  /** A request that fares differently without the rule; only for `yes`. */
  readonly witness: Question | null;
}

/** Does the rule ever make a difference to what this agent may do with this action? */
export function canDecideOn({ table, agent, action }: CellName, rule: string, options: SpaceOptions = {}): CanDecide {
  const without: SideOptions = { without: new Set([rule]) };
  const { ground, bounds } = groundOf([{ table, agent, action }], options.from);
  const cell = cellOf([sideOf(table, agent, action), sideOf(table, agent, action, without)], ground, bounds);
  const { found, inexact } = walk(cell, { differing: true, until: () => true });
  const [first] = found;
  if (first !== undefined) return { verdict: "yes", witness: cell.question(first.chosen) };
  return { verdict: inexact === null ? "no" : "unknown", witness: null };
}

/**
 * Does the rule (by id) ever make a difference to what this agent may do? `no` is proven: it is shadowed, its condition
 * can't hold, or others do the same. The witness is a request that fares differently without it.
 */
export function canDecide(table: Table, agent: Agent, rule: string, options: SpaceOptions = {}): CanDecide {
  let verdict: CanDecide["verdict"] = "no";
  for (const action of table.body.actions) {
    const found = canDecideOn({ table, agent, action }, rule, options);
    if (found.verdict === "yes") return found;
    if (found.verdict === "unknown") verdict = "unknown";
  }
  return { verdict, witness: null };
}
