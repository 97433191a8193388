/** One agent and one action before and after: the requests that fare differently. */
import type { Action, Agent, Table } from "../../../engine/index.ts";
import { cellOf, type Effort, spentOn } from "../space/cell.ts";
import type { Fate } from "../space/effect.ts";
import { groundOf } from "../space/ground.ts";
import type { Question } from "../space/question.ts";
import { realFate } from "../space/real-fate.ts";
import { type PlacedBlock, type Side, sideOf, type SideOptions } from "../space/side.ts";
import { walk } from "../space/walk.ts";
import type { Tables } from "./approval-order.ts";
import { compareFates } from "./fate-order.ts";
import { sameAtSight } from "./same-at-sight.ts";

/** Null where a policy doesn't have the agent or the action: everything is denied there. */
export interface CellPart {
  readonly table: Table;
  readonly agent: Agent | null;
  readonly action: Action | null;
  /** Instead of the agent's own blocks. */
  readonly blocks?: readonly PlacedBlock[];
}

export interface CellChange {
  readonly before: Fate;
  readonly after: Fate;
  readonly question: Question;
}

export interface CellComparison {
  /** The widest step in each direction; null where there is none. */
  readonly looser: CellChange | null;
  readonly stricter: CellChange | null;
  /** Why there may be more; null where it is certain that there isn't. */
  readonly doubt: string | null;
  /** Rules that only one side has, as they are written. */
  readonly rules: readonly string[];
}

export interface CompareOptions {
  /** UTC milliseconds: what is past matters to nobody. */
  readonly from: number | undefined;
  /**
   * The new table under its own names; the parts hold it aligned with the old one. Null where the parts state blocks
   * that no table has, so that the engine can't be asked about a whole policy.
   */
  readonly real: Table | null;
  /** New names of roles to old ones. */
  readonly roles: ReadonlyMap<string, string>;
  /** What may be spent on all cells; of what this one takes the rest is left. Below zero nothing is looked at. */
  readonly effort: Effort;
}

/** About half a minute for a hostile pair of policies; what people write takes a small part of it. */
export const DIFF_EFFORT = 150_000_000;

export function compareCell(before: CellPart, after: CellPart, options: CompareOptions): CellComparison {
  if (areSameAtSight(before, after)) return SAME;
  const sides = sidesOf(before, after, options);
  if (sides === null || sameRows(sides)) return SAME;
  if (options.effort.left < 0) return { ...SAME, doubt: "too many cases", rules: ownRules(sides) };
  const { ground, bounds } = groundOf(sides, options.from);
  const roleNames = new Map([...options.roles].map(([now, old]) => [old, now]));
  const cell = cellOf(sides, { ...ground, roleNames }, bounds);
  const { found, inexact } = walk(cell, { differing: true });
  options.effort.left -= spentOn(cell);
  const tables = { before: before.table, after: after.table, roles: options.roles };
  const changes = found.flatMap(({ fates: [old, now], chosen }) =>
    old && now ? [{ before: old, after: now, question: cell.question(chosen) }] : [],
  );
  const looser = widest(changes, "looser", tables, options);
  const stricter = widest(changes, "stricter", tables, options);
  const doubt = inexact ?? looser.doubt ?? stricter.doubt;
  return { looser: looser.change, stricter: stricter.change, doubt, rules: ownRules(sides) };
}

const SAME: CellComparison = { looser: null, stricter: null, doubt: null, rules: [] };

function areSameAtSight(before: CellPart, after: CellPart): boolean {
  if (!before.agent || !after.agent || !before.action || !after.action) return false;
  return sameAtSight(
    { table: before.table, agent: before.agent, action: before.action, blocks: before.blocks },
    { table: after.table, agent: after.agent, action: after.action, blocks: after.blocks },
  );
}

function sidesOf(before: CellPart, after: CellPart, { roles }: CompareOptions): readonly [Side, Side] | null {
  const agent = { old: before.agent ?? after.agent, now: after.agent ?? before.agent };
  const action = { old: before.action ?? after.action, now: after.action ?? before.action };
  if (!agent.old || !agent.now || !action.old || !action.now) return null;
  return [
    sideOf(tableOf(before, after), agent.old, action.old, optionsFor(before)),
    sideOf(tableOf(after, before), agent.now, action.now, { ...optionsFor(after), roleNames: roles }),
  ];
}

/** What a policy doesn't have is looked at as the other one has it, without any rule. */
function tableOf(part: CellPart, other: CellPart): Table {
  return isThere(part) ? part.table : other.table;
}

function isThere({ agent, action }: CellPart): boolean {
  return agent !== null && action !== null;
}

function optionsFor(part: CellPart): SideOptions {
  if (!isThere(part)) return { blocks: [] };
  return part.blocks === undefined ? {} : { blocks: part.blocks };
}

function sameRows([old, now]: readonly [Side, Side]): boolean {
  const meanings = (side: Side): string =>
    side.rows
      .map(({ meaning }) => meaning)
      .toSorted()
      .join("\n");
  return meanings(old) === meanings(now) && sameParameters(old, now);
}

function sameParameters(old: Side, now: Side): boolean {
  return JSON.stringify([old.action.params, old.action.open]) === JSON.stringify([now.action.params, now.action.open]);
}

const RANK: { readonly [tier in Fate["tier"]]: number } = { deny: 0, ask: 1, notify: 2, allow: 3 };

/** The change of the widest step that the engine confirms under both whole tables, where there are such. */
function widest(
  changes: readonly CellChange[],
  direction: "looser" | "stricter",
  tables: Tables,
  { real }: CompareOptions,
): { readonly change: CellChange | null; readonly doubt: string | null } {
  const step = ({ before, after }: CellChange): number => Math.abs(RANK[after.tier] - RANK[before.tier]);
  const found = changes.filter((one) => compareFates(one.before, one.after, tables)[direction]);
  const widestFirst = found.toSorted((a, b) => step(b) - step(a));
  if (real === null) return { change: widestFirst[0] ?? null, doubt: null };
  for (const change of widestFirst) {
    const before = realFate(tables.before, change.question);
    const after = realFate(real, change.question);
    if (compareFates(before, after, { ...tables, after: real })[direction]) {
      return { change: { ...change, before, after }, doubt: null };
    }
  }
  return { change: null, doubt: found.length > 0 ? "a request that can't be put together" : null };
}

function ownRules([old, now]: readonly [Side, Side]): readonly string[] {
  const only = (one: Side, other: Side): readonly string[] => {
    const others = new Set(other.rows.map(({ meaning }) => meaning));
    return one.rows.flatMap(({ meaning, rule, limit }) => (others.has(meaning) ? [] : [(rule ?? limit)?.text ?? ""]));
  };
  return [...new Set([...only(old, now), ...only(now, old)])].filter((text) => text !== "");
}
