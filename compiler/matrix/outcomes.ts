/** All outcomes that a set of rules can have for one agent and action. */
import type { Tier } from "../../engine/index.ts";
import { evaluate, FALSE, type Formula, possible, TRUE, type Variable, variablesOf } from "./truth.ts";
import { compareText } from "../sorted-set.ts";

/** `none`: no rule grants. */
export type OutcomeTier = Tier | "none";

export interface Outcome {
  readonly tier: OutcomeTier;
  /** Approvals needed together, sorted; empty but for `ask`. */
  readonly via: readonly string[];
}

/** Whether some request with these outcomes can be carried out; what never is, no limit counts. */
export function canBeAdmitted(outcomes: readonly Outcome[]): boolean {
  return outcomes.some(({ tier }) => tier !== "never" && tier !== "none");
}

/** A rule as far as outcomes go. Rules of `every agent` have no `grants`. */
export interface Candidate {
  readonly tier: Tier;
  readonly via: readonly string[];
  readonly grants: Formula | null;
  readonly restricts: Formula | null;
}

/** Loosest first; `none` last, as what is left when nothing grants. */
export const TIERS: readonly OutcomeTier[] = ["allow", "notify", "ask", "never", "none"];

/** So many cases are tried one by one; beyond, the rules are taken as independent. */
const CASE_BUDGET = 4096;

/**
 * Every outcome that some well-formed request can have; never too few. It is exact as far as the conditions are
 * independent of one another beyond being equal or comparing one operand with literals.
 */
export function outcomesOf(candidates: readonly Candidate[]): readonly Outcome[] {
  const variables = [...new Set(candidates.flatMap((one) => formulas(one).flatMap(variablesOf)))];
  const cases = variables.reduce((product, variable) => product * variable.size, 1);
  const found = cases <= CASE_BUDGET ? enumerate(candidates, variables, cases) : estimate(candidates);
  return distinct(found);
}

function formulas(candidate: Candidate): readonly Formula[] {
  return [candidate.grants, candidate.restricts].filter((formula) => formula !== null);
}

function enumerate(
  candidates: readonly Candidate[],
  variables: readonly Variable[],
  cases: number,
): readonly Outcome[] {
  return Array.from({ length: cases }, (_, number) => {
    const values = new Map<Variable, number>();
    let rest = number;
    for (const variable of variables) {
      values.set(variable, rest % variable.size);
      rest = Math.floor(rest / variable.size);
    }
    return outcomeIn(candidates, values);
  });
}

/** Granting and restricting are two questions; then the strictest stands. */
function outcomeIn(candidates: readonly Candidate[], values: ReadonlyMap<Variable, number>): Outcome {
  const granting = candidates.filter((one) => one.grants !== null && evaluate(one.grants, values) === TRUE);
  if (granting.length === 0) return { tier: "none", via: [] };
  const restricting = candidates.filter((one) => one.restricts !== null && evaluate(one.restricts, values) !== FALSE);
  return strictest([...granting, ...restricting]);
}

function strictest(applying: readonly Candidate[]): Outcome {
  const tier = TIERS[Math.max(...applying.map((one) => TIERS.indexOf(one.tier)))] ?? "never";
  const via = tier === "ask" ? applying.filter((one) => one.tier === "ask").flatMap((one) => one.via) : [];
  return { tier, via: [...new Set(via)].sort() };
}

/** Too many cases: a tier is possible when something may set it and nothing stricter always applies. */
function estimate(candidates: readonly Candidate[]): readonly Outcome[] {
  const mayGrant = candidates.filter((one) => one.grants !== null && possible(one.grants).has(TRUE));
  const mustGrant = mayGrant.filter((one) => one.grants !== null && possible(one.grants).size === 1);
  const none: readonly Outcome[] = mustGrant.length === 0 ? [{ tier: "none", via: [] }] : [];
  if (mayGrant.length === 0) return none;
  const may = candidates.filter((one) => mayGrant.includes(one) || mayRestrict(one));
  const must = candidates.filter((one) => mustGrant.includes(one) || mustRestrict(one));
  const floor = Math.max(strictness(must, Math.max), strictness(mayGrant, Math.min));
  const tiers = new Set(may.map((one) => one.tier).filter((tier) => TIERS.indexOf(tier) >= floor));
  const reached = [...tiers].flatMap((tier) => (tier === "ask" ? questions(may, must) : [{ tier, via: [] }]));
  return [...reached, ...none];
}

function strictness(candidates: readonly Candidate[], pick: (...tiers: number[]) => number): number {
  return candidates.length === 0 ? -1 : pick(...candidates.map((one) => TIERS.indexOf(one.tier)));
}

/** Approvals that are always needed, together with every choice of those that may be; all of them where it is many. */
function questions(may: readonly Candidate[], must: readonly Candidate[]): readonly Outcome[] {
  const always = must.filter((one) => one.tier === "ask").flatMap((one) => one.via);
  const lists = may.filter((one) => one.tier === "ask" && !must.includes(one)).map((one) => [...one.via].sort());
  const some = [...new Map(lists.map((via) => [via.join(" "), via])).values()];
  const choices = some.length > MOST_CHOICES ? [some.flat()] : subsets(some).map((chosen) => chosen.flat());
  const needed = choices.map((via) => [...new Set([...always, ...via])].sort());
  return needed.filter((via) => via.length > 0).map((via) => ({ tier: "ask", via }));
}

const MOST_CHOICES = 4;

function subsets<T>(items: readonly T[]): readonly (readonly T[])[] {
  return items.reduce<readonly (readonly T[])[]>(
    (found, item) => [...found, ...found.map((one) => [...one, item])],
    [[]],
  );
}

function mayRestrict(candidate: Candidate): boolean {
  if (candidate.restricts === null) return false;
  return [...possible(candidate.restricts)].some((truth) => truth !== FALSE);
}

function mustRestrict(candidate: Candidate): boolean {
  return candidate.restricts !== null && !possible(candidate.restricts).has(FALSE);
}

function distinct(outcomes: readonly Outcome[]): readonly Outcome[] {
  const byText = new Map(
    outcomes.map((outcome) => [`${TIERS.indexOf(outcome.tier)} ${outcome.via.join(",")}`, outcome]),
  );
  return [...byText].sort(([a], [b]) => compareText(a, b)).map(([, outcome]) => outcome);
}
