/** One agent's blocks and one action: every case that can differ, and what each rule says in it. */
import type { Action, Condition } from "../../../engine/index.ts";
import type { CaseSpace } from "./case-space.ts";
import { pointsOf } from "./points.ts";
import { ruleFormula } from "./rule-formula.ts";
import { evaluate, FALSE, type Formula, TRUE, type Variable, variablesOf } from "./truth.ts";
import type { ResolvedBlock, ResolvedRule } from "../../program.ts";
import type { Bundle } from "./bundle.ts";

/** A rule and, case by case, whether it grants and whether it restricts. */
export interface Told {
  readonly rule: ResolvedRule;
  readonly block: ResolvedBlock;
  readonly grants: readonly boolean[];
  readonly restricts: readonly boolean[];
}

export interface Cell {
  readonly cases: number;
  readonly told: readonly Told[];
}

/** Cases of more are not looked at: nothing is said of their rules. */
const MOST_CASES = 512;

/** Where more rules decide about one action, nothing is said of them: each is held against all the others. */
const MOST_RULES = 100;

/** Null where there are too many cases to try. */
export function cellOf(bundle: Bundle, action: Action, rulesOn: RulesOn): Cell | null {
  const rules = [...bundle.own, ...bundle.every].flatMap((block) =>
    rulesOn(block, action).map((rule) => ({ rule, block })),
  );
  if (rules.length > MOST_RULES) return null;
  const space: CaseSpace = {
    agent: bundle.agent,
    action,
    points: pointsOf([...rules.map(({ rule }) => rule.when), ...action.classes.map(({ when }) => when)].filter(isSome)),
    variables: new Map(),
  };
  const formulas = rules.map(({ rule, block }) => ({
    rule,
    block,
    grants: block.kind === "every" || rule.tier === "never" ? null : ruleFormula(rule, space, "grants"),
    restricts: rule.tier === "allow" ? null : ruleFormula(rule, space, "restricts"),
  }));
  const all = formulas.flatMap(({ grants, restricts }) => [grants, restricts].filter((one) => one !== null));
  const variables = [...new Set(all.flatMap(variablesOf))];
  const cases = variables.reduce((product, { size }) => product * size, 1);
  if (cases > MOST_CASES) return null;
  const assignments = Array.from({ length: cases }, (_, number) => assignment(variables, number));
  const told = formulas.map(({ rule, block, grants, restricts }) => ({
    rule,
    block,
    grants: truths(grants, assignments, (truth) => truth === TRUE),
    restricts: truths(restricts, assignments, (truth) => truth !== FALSE),
  }));
  return { cases, told };
}

/** Rules of a block that can be about an action. */
export type RulesOn = (block: ResolvedBlock, action: Action) => readonly ResolvedRule[];

function isSome(condition: Condition | null): condition is Condition {
  return condition !== null;
}

function assignment(variables: readonly Variable[], number: number): ReadonlyMap<Variable, number> {
  const values = new Map<Variable, number>();
  let rest = number;
  for (const variable of variables) {
    values.set(variable, rest % variable.size);
    rest = Math.floor(rest / variable.size);
  }
  return values;
}

function truths(
  formula: Formula | null,
  assignments: readonly ReadonlyMap<Variable, number>[],
  holds: (truth: number) => boolean,
): readonly boolean[] {
  return assignments.map((values) => formula !== null && holds(evaluate(formula, values)));
}
