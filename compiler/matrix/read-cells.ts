/**
 * Cells of one table, each computed once for all agents whose cells are alike: a large policy has many agents and few
 * kinds of them.
 */
import type { Action, Agent, Limit, Rule, Table } from "../../engine/index.ts";
import { cellKey } from "../analysis/space/cell-key.ts";
import type { CellName, SpaceOptions } from "../analysis/space/possible-outcomes.ts";
import type { PlacedBlock } from "../analysis/space/side.ts";
import type { Cell, CellDoubt, CellRule, Example } from "./cell.ts";
import { type Applied, mayAlso } from "./may-also.ts";
import type { Outcome } from "./outcome.ts";
import { type ReachedOutcomes, reachedOutcomes } from "./reached-outcomes.ts";
import { type Applies, rowApplies, type Side } from "./row-applies.ts";

export interface Cells {
  /** `gained`: a role that the session has gained, whose block is among the blocks. */
  readonly of: (agent: Agent, action: Action, blocks: readonly PlacedBlock[], gained: string | null) => Cell;
  /** The examples of all cells so far, by id. */
  readonly examples: { readonly [id: string]: Example };
}

export function readCells(table: Table, options: SpaceOptions = {}): Cells {
  const cells = new Map<string, Cell>();
  const outcomes = new Map<string, ReachedOutcomes>();
  const { keep, examples } = exampleStore();
  const applies = rowReader(table, options);
  return {
    examples,
    of: (agent, action, blocks, gained) => {
      const place = { table, agent, action, blocks };
      const key = `${gained ?? ""}\n${cellKey(place, options)}`;
      const found = cells.get(key);
      if (found !== undefined) return found;
      const outcomeKey = `${gained ?? ""}\n${cellKey(place, { ...options, which: decides })}`;
      const reached = outcomes.get(outcomeKey) ?? reachedOutcomes({ ...place, gained, keep, options });
      outcomes.set(outcomeKey, reached);
      const cell = cellOf({ place, blocks, applies }, reached);
      cells.set(key, cell);
      return cell;
    },
  };
}

function exampleStore(): { readonly keep: (example: Example) => string; readonly examples: Cells["examples"] } {
  const ids = new Map<string, string>();
  const examples: { [id: string]: Example } = {};
  return {
    examples,
    keep: (example) => {
      const text = JSON.stringify(example);
      const id = ids.get(text) ?? `e${ids.size + 1}`;
      ids.set(text, id);
      examples[id] = example;
      return id;
    },
  };
}

/** A limit that a single request can fail to fit, and every rule that is enforced. */
function decides(row: Rule | Limit): boolean {
  if (row.trial) return false;
  return "tier" in row || row.total !== null || row.n === "0" || row.per === "requester";
}

type RowReader = (row: Rule | Limit, side: Side, cell: CellName) => Applies;

/** What a row applies to rests on no other row, so it is found once for all cells. */
function rowReader(table: Table, options: SpaceOptions): RowReader {
  const known = new Map<string, Applies>();
  const alone = new Map<Rule | Limit, readonly PlacedBlock[]>();
  return (row, side, cell) => {
    const rows = { rules: "tier" in row ? [row] : [], limits: "tier" in row ? [] : [row] };
    const blocks = alone.get(row) ?? [{ block: { kind: "every", name: row.id, ...rows }, role: null }];
    alone.set(row, blocks);
    const key = `${side}\n${cellKey({ ...cell, table, blocks }, options)}`;
    const found = known.get(key) ?? rowApplies(row, side, cell, options);
    known.set(key, found);
    return found;
  };
}

interface Reading {
  readonly place: CellName;
  readonly blocks: readonly PlacedBlock[];
  readonly applies: RowReader;
}

function cellOf({ place, blocks, applies }: Reading, { outcomes, inexact }: ReachedOutcomes): Cell {
  const exact = inexact === null;
  const entries = blocks.flatMap(({ block }) =>
    block.rules.map((rule): Entry => {
      const mayGrant = block.kind !== "every" && rule.tier !== "never";
      const grants: Applies = mayGrant ? applies(rule, "grants", place) : "never";
      const asked = rule.tier !== "allow" && (grants === "never" || !exact);
      return { rule, grants, restricts: asked ? applies(rule, "restricts", place) : "never" };
    }),
  );
  const limits = blocks
    .flatMap(({ block }) => block.limits)
    .filter((limit) => applies(limit, "restricts", place) !== "never");
  const enforced = entries.filter(({ rule }) => !rule.trial);
  const binding = limits.filter(({ trial }) => !trial);
  return {
    outcomes,
    doubt: exact ? null : doubtOf(enforced, binding, outcomes, inexact),
    rules: entries.flatMap(cellRule),
    limits: limits.map(({ id }) => id),
  };
}

interface Entry extends Applied {
  readonly rule: Rule;
}

/** A rule's part in a cell; none where it can neither grant nor restrict. */
function cellRule({ rule, grants, restricts }: Entry): readonly CellRule[] {
  const effect = grants === "never" ? "restricts" : "grants";
  const applies = grants === "never" ? restricts : grants;
  return applies === "never" ? [] : [{ id: rule.id, effect, applies, trial: rule.trial }];
}

function doubtOf(
  rules: readonly Applied[],
  limits: readonly Limit[],
  found: readonly Outcome[],
  why: string,
): CellDoubt | null {
  const may_also = mayAlso(rules, limits, found);
  return may_also.length === 0 ? null : { may_also, why };
}
