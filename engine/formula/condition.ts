/** Conditions of the table, prepared as formulas: one line for each kind. */
import type { Condition } from "../condition.ts";
import { comparisonFormula } from "./comparison.ts";
import { detectFormula } from "./detect.ts";
import { duringFormula } from "./during.ts";
import { ALWAYS, type Formula, NEVER, allOf, anyOf, known, notOf } from "./formula.ts";
import { hasFormula, inGroupFormula, inLiteralsFormula, inNetworkFormula, inSetFormula } from "./membership.ts";
import { readerOf } from "./operand.ts";
import { quantifierFormula } from "./quantifier.ts";
import { type Scope, named } from "./scope.ts";
import {
  inLiveSetFormula,
  labelsContainFormula,
  sessionCompareFormula,
  sessionDidFormula,
  sessionHasFormula,
  taskMentionsFormula,
} from "./session-atoms.ts";
import { textFormula } from "./text-test.ts";
import { FALSE, TRUE } from "./truth.ts";

export function conditionFormula(condition: Condition, scope: Scope): Formula {
  switch (condition.op) {
    case "constant":
      return condition.value ? ALWAYS : NEVER;
    case "and":
      return allOf(condition.of.map((part) => conditionFormula(part, scope)));
    case "or":
      return anyOf(condition.of.map((part) => conditionFormula(part, scope)));
    case "not":
      return notOf(conditionFormula(condition.of, scope));
    case "compare":
      return sessionCompareFormula(condition, scope) ?? comparisonFormula(condition, scope);
    case "in":
      return inLiteralsFormula(condition, scope);
    case "in_set":
      return inSetFormula(condition, scope);
    case "in_live_set":
      return inLiveSetFormula(condition, scope);
    case "in_group":
      return inGroupFormula(condition, scope);
    case "in_network":
      return inNetworkFormula(condition, scope);
    case "has":
      return isLabels(condition.list) ? labelsContainFormula(condition, scope) : hasFormula(condition, scope);
    case "like":
    case "contains":
    case "starts_with":
    case "ends_with":
      return textFormula(condition, scope);
    case "present":
      return presentFormula(condition, scope);
    case "every":
    case "some":
      return quantifierFormula(condition, scope);
    case "during":
      return duringFormula(named(scope.schedules, "schedule", condition.schedule));
    case "detect":
      return detectFormula(condition, scope);
    case "session_has":
      return sessionHasFormula(condition.label);
    case "session_did":
      return sessionDidFormula(condition, scope);
    case "task_mentions":
      return taskMentionsFormula(condition.of, scope);
  }
}

function isLabels(operand: Extract<Condition, { op: "has" }>["list"]): boolean {
  return operand.from === "fact" && operand.fact === "session.labels";
}

/** The one test that an absence decides instead of leaving unknown. */
function presentFormula(condition: Extract<Condition, { op: "present" }>, scope: Scope): Formula {
  const { read } = readerOf(condition.of, scope);
  return known(
    (frame) => (read(frame) === undefined ? FALSE : TRUE),
    () => [],
  );
}
