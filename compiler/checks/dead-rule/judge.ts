/** Whether a rule makes a difference in a cell, and which others apply wherever it does. */
import type { CellRow } from "../../analysis/space/cell.ts";
import { remembered } from "./cell-memory.ts";
import { type Answer, type Chosen, denying, differenceOf, differs, differsIn, GRANTED, granting } from "./differs.ts";
import type { RuleCell, Told } from "./rule-cell.ts";

const STRICTNESS = { allow: 0, notify: 1, ask: 2, never: 3 } as const;

/** What a rule is good for in a cell: it applies to nothing there, it decides something (or may), or nothing. */
export type Life = "idle" | "works" | "dead";

/** `lent`: what other agents do for this one is restricted by it too. */
export function lifeIn(place: RuleCell, one: Told, lent: boolean): Life {
  return remembered(place.entry, place.effort, `life ${one.id} ${lent}`, (): Life => {
    const met = meets(place, one);
    if (met === false) return "idle";
    return met !== null && matters(place, one, lent, met) === false ? "dead" : "works";
  });
}

/**
 * Whether another outcome follows without it. A rule that only restricts is judged as if everything were granted, since
 * it also guards what is granted tomorrow. `lent` says the same of what other agents do for this one.
 */
function matters(place: RuleCell, one: Told, lent: boolean, met: Chosen): Answer {
  const { effort, told } = place;
  const { cell, required } = place.space();
  const row = rowOf(place, one);
  const guards = one.block.kind === "every" || one.rule.tier === "never";
  const others = [...required, ...told.filter((other) => other !== one).map((other) => rowOf(place, other))];
  const bases = [...(guards ? [] : [others]), ...(guards || lent ? [[GRANTED, ...others]] : [])];
  // Most rules show what they are for in the first case that meets them.
  if (bases.some((base) => differsIn(met, { cell, effort }, base, row))) return true;
  const answers = bases.map((base) => differs(cell, effort, base, row));
  return answers.includes(true) ? true : answers.includes(null) ? null : false;
}

function rowOf(place: RuleCell, { id }: Told): CellRow {
  const row = place.space().rows.get(id);
  if (row === undefined) throw new Error("a rule that takes part in a cell has no row there");
  return row;
}

/** Cases that meet it; false where there are none. */
function meets(place: RuleCell, one: Told): Chosen | false | null {
  const { cell, required } = place.space();
  return differenceOf(cell, place.effort, [GRANTED, ...required], denying(rowOf(place, one)));
}

/** Whether `other` surely applies wherever the rule does. */
export function covers(place: RuleCell, other: Told, one: Told): boolean {
  return remembered(place.entry, place.effort, `covers ${other.id} ${one.id}`, () => coversIn(place, other, one));
}

function coversIn(place: RuleCell, other: Told, one: Told): boolean {
  const { effort } = place;
  const { cell, required } = place.space();
  const [row, otherRow] = [rowOf(place, one), rowOf(place, other)];
  if (differs(cell, effort, [GRANTED, ...required, denying(otherRow)], denying(row)) !== false) return false;
  // What only restricts can't stand in for a grant, unless it denies or asks anyway.
  if (isStricter(other, one) || one.block.kind === "every" || one.rule.tier === "never") return true;
  return differs(cell, effort, [...required, granting(otherRow)], granting(row)) === false;
}

export function isStricter(other: Told, one: Told): boolean {
  return STRICTNESS[other.rule.tier] > STRICTNESS[one.rule.tier];
}

/** The strictest first. */
export function byStrictness(a: Told, b: Told): number {
  return STRICTNESS[b.rule.tier] - STRICTNESS[a.rule.tier];
}
