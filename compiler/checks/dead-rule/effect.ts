/** What comes of a case with some of the rules, and whether one of them makes a difference. */
import type { Cell, Told } from "./cell.ts";

const STRICTNESS = { allow: 0, notify: 1, ask: 2, never: 3 } as const;

export interface Judged {
  /** It applies in some case. */
  readonly applies: boolean;
  /** In some case another outcome follows without it. */
  readonly matters: boolean;
}

/**
 * Whether the rule matters in the cell. A rule that only restricts is judged as if everything were granted, since it
 * also guards what is granted tomorrow. `lent` says the same of what other agents do for this one.
 */
export function judge(cell: Cell, one: Told, lent: boolean): Judged {
  const guards = one.block.kind === "every" || one.rule.tier === "never";
  let applies = false;
  for (let at = 0; at < cell.cases; at += 1) {
    if (!one.grants[at] && !one.restricts[at]) continue;
    applies = true;
    if ((guards || lent) && outcome(cell.told, null, at, true) !== outcome(cell.told, one, at, true)) return MATTERS;
    if (!guards && outcome(cell.told, null, at, false) !== outcome(cell.told, one, at, false)) return MATTERS;
  }
  return { applies, matters: false };
}

const MATTERS: Judged = { applies: true, matters: true };

/** As text, so that two can be compared; denied is denied, whatever the reason. */
function outcome(told: readonly Told[], without: Told | null, at: number, granted: boolean): string {
  const left = told.filter((one) => one !== without);
  const granting = left.filter((one) => one.grants[at]);
  if (granting.length === 0 && !granted) return "denied";
  const applying = new Set([...granting, ...left.filter((one) => one.restricts[at])]);
  const tier = Math.max(0, ...[...applying].map(({ rule }) => STRICTNESS[rule.tier]));
  if (tier === STRICTNESS.never) return "denied";
  const via = [...applying].flatMap(({ rule }) => [...rule.via]);
  const to = [...applying].flatMap(({ rule }) => [...rule.to]);
  return `${tier} ${[...new Set(via)].toSorted().join(" ")}|${[...new Set(to)].toSorted().join(" ")}`;
}

/** Whether `other` applies in every case in which the rule does. */
export function covers(cell: Cell, other: Told, one: Told): boolean {
  for (let at = 0; at < cell.cases; at += 1) {
    const applies = one.grants[at] || one.restricts[at];
    if (applies && !other.grants[at] && !other.restricts[at]) return false;
    // What only restricts can't stand in for a grant, unless it denies or asks anyway.
    if (one.grants[at] && !other.grants[at] && STRICTNESS[other.rule.tier] <= STRICTNESS[one.rule.tier]) return false;
  }
  return true;
}

export function isStricter(other: Told, one: Told): boolean {
  return STRICTNESS[other.rule.tier] > STRICTNESS[one.rule.tier];
}

/** The strictest first. */
export function byStrictness(a: Told, b: Told): number {
  return STRICTNESS[b.rule.tier] - STRICTNESS[a.rule.tier];
}
