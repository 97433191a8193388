/** Whether a rule makes a difference in a cell, and which others apply wherever it does. */
import { type Answer, type Chosen, denying, differenceOf, differs, differsIn, GRANTED, granting } from "./differs.ts";
import type { RuleCell, Told } from "./rule-cell.ts";

const STRICTNESS = { allow: 0, notify: 1, ask: 2, never: 3 } as const;

/**
 * Whether another outcome follows without it. A rule that only restricts is judged as if everything were granted, since
 * it also guards what is granted tomorrow. `lent` says the same of what other agents do for this one.
 */
export function matters(place: RuleCell, one: Told, lent: boolean, met: Chosen): Answer {
  const { cell, effort, told, required } = place;
  const guards = one.block.kind === "every" || one.rule.tier === "never";
  const others = [...required, ...told.filter((other) => other !== one).map(({ row }) => row)];
  const bases = [...(guards ? [] : [others]), ...(guards || lent ? [[GRANTED, ...others]] : [])];
  // Most rules show what they are for in the first case that meets them.
  if (bases.some((base) => differsIn(met, place, base, one.row))) return true;
  const answers = bases.map((base) => differs(cell, effort, base, one.row));
  return answers.includes(true) ? true : answers.includes(null) ? null : false;
}

/** Cases that meet it; false where there are none. */
export function meets({ cell, effort, required }: RuleCell, one: Told): Chosen | false | null {
  return differenceOf(cell, effort, [GRANTED, ...required], denying(one.row));
}

/** Whether `other` surely applies wherever the rule does. */
export function covers({ cell, effort, required }: RuleCell, other: Told, one: Told): boolean {
  if (differs(cell, effort, [GRANTED, ...required, denying(other.row)], denying(one.row)) !== false) return false;
  // What only restricts can't stand in for a grant, unless it denies or asks anyway.
  if (isStricter(other, one) || one.block.kind === "every" || one.rule.tier === "never") return true;
  return differs(cell, effort, [...required, granting(other.row)], granting(one.row)) === false;
}

export function isStricter(other: Told, one: Told): boolean {
  return STRICTNESS[other.rule.tier] > STRICTNESS[one.rule.tier];
}

/** The strictest first. */
export function byStrictness(a: Told, b: Told): number {
  return STRICTNESS[b.rule.tier] - STRICTNESS[a.rule.tier];
}
