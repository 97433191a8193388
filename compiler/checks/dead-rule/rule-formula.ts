/** When a rule or limit applies to an action: selected, on, not excepted, and its condition, as one formula. */
import type { Condition, Pattern, Rule, Scope, Selector } from "../../../engine/index.ts";
import { type CaseSpace, isOptional, manyResources, variableFor } from "./case-space.ts";
import { type Side, conditionFormula } from "./condition-formula.ts";
import { type Cover, patternCover } from "../../analysis/space/pattern-cover.ts";
import { ALWAYS, FALSE, type Formula, NEVER, TRUE } from "./truth.ts";

/** The formula of a rule. `until` is one more thing that stays open: the matrix has no clock. */
export function ruleFormula(rule: Pick<Rule, "scope" | "when" | "until">, space: CaseSpace, side: Side): Formula {
  const applies = scopeFormula(rule.scope, rule.when, space, side);
  if (rule.until === null) return applies;
  const variable = variableFor(space, `until ${rule.until}`, 2);
  return and([applies, { op: "atom", variable, truth: (value) => (value === 0 ? FALSE : TRUE) }]);
}

export function scopeFormula(scope: Scope, when: Condition | null, space: CaseSpace, side: Side): Formula {
  const selected = or(scope.select.map((selector) => selectorFormula(selector, space, side)));
  const excepted = or(scope.except.map((selector) => selectorFormula(selector, space, side)));
  const condition = when === null ? ALWAYS : conditionFormula(when, space, side);
  return and([selected, { op: "not", of: excepted }, onFormula(scope, space, side), condition]);
}

function selectorFormula(selector: Selector, space: CaseSpace, side: Side): Formula {
  const { action } = space;
  switch (selector.kind) {
    case "any":
      return ALWAYS;
    case "action":
      return selector.name === action.name ? ALWAYS : NEVER;
    case "prefix":
      return action.name.startsWith(`${selector.prefix.replace(/\.?\*?$/, "")}.`) ? ALWAYS : NEVER;
    case "class":
      return or(
        action.classes
          .filter((item) => item.name === selector.name)
          .map((item) => (item.when === null ? ALWAYS : conditionFormula(item.when, space, side))),
      );
  }
}

function onFormula(scope: Scope, space: CaseSpace, side: Side): Formula {
  if (scope.on === null) return ALWAYS;
  if (space.action.resources === null) return NEVER;
  return and([
    matchFormula(scope.on, space, side, "all"),
    { op: "not", of: matchFormula(scope.on_except, space, side, "some") },
  ]);
}

/**
 * Whether the patterns match. Constant where every template says so; else a variable of the patterns. `strength`
 * keeps the two uses apart where a call has several resources, since one may be matched and another excepted.
 */
function matchFormula(patterns: readonly Pattern[], space: CaseSpace, side: Side, strength: string): Formula {
  if (patterns.length === 0) return NEVER;
  const covers = (space.action.resources ?? []).map((item) => anyCover(patterns, item.template, space));
  if (covers.every((cover) => cover === "none")) return NEVER;
  const several = manyResources(space.action);
  const certain = covers.every((cover) => cover === "all") && (!several || alwaysSome(space));
  if (certain) return ALWAYS;
  const key = `${several ? `${side} ${strength} ` : ""}on ${JSON.stringify(patterns)}`;
  return { op: "atom", variable: variableFor(space, key, 2), truth: (value) => (value === 0 ? FALSE : TRUE) };
}

function anyCover(patterns: readonly Pattern[], template: Parameters<typeof patternCover>[0], space: CaseSpace): Cover {
  const covers = patterns.map((pattern) => patternCover(template, pattern, (path) => isOptional(space.action, path)));
  if (covers.includes("all")) return "all";
  return covers.includes("some") ? "some" : "none";
}

/** Whether a call is sure to have a resource: some template holds always, and no list in it can be empty. */
function alwaysSome(space: CaseSpace): boolean {
  return (space.action.resources ?? []).some(
    (item) =>
      item.when === null && item.template.every((segment) => segment.kind === "text" || fills(segment.path, space)),
  );
}

function fills(path: readonly string[], space: CaseSpace): boolean {
  const param = space.action.params.find((one) => one.name === path[0]);
  return param !== undefined && (param.type.kind !== "list" || param.type.min > 0);
}

function and(of: readonly Formula[]): Formula {
  if (of.some((part) => part.op === "constant" && part.truth === FALSE)) return NEVER;
  const open = of.filter((part) => !isAlways(part));
  return open.length === 0 ? ALWAYS : { op: "and", of: open };
}

function or(of: readonly Formula[]): Formula {
  if (of.some(isAlways)) return ALWAYS;
  const open = of.filter((part) => part.op !== "constant" || part.truth !== FALSE);
  return open.length === 0 ? NEVER : { op: "or", of: open };
}

/** True, or the negation of what is false (an `except` that names others). */
function isAlways(part: Formula): boolean {
  if (part.op === "constant") return part.truth === TRUE;
  return part.op === "not" && part.of.op === "constant" && part.of.truth === FALSE;
}
