/** A condition as a formula over what stays open: the same comparison, wherever it stands, is the same variable. */
import type { Comparison, Condition, Operand } from "../../../engine/index.ts";
import {
  type CaseSpace,
  conditionMayBeUnknown,
  manyResources,
  mayBeUnknown,
  operandsOf,
  variableFor,
} from "./case-space.ts";
import { oriented, point } from "./points.ts";
import { ALWAYS, FALSE, type Formula, NEVER, TRUE, type Truth, UNKNOWN } from "./truth.ts";

/** `grants` asks about all resources of a call, `restricts` about any of them. */
export type Side = "grants" | "restricts";

export function conditionFormula(condition: Condition, space: CaseSpace, side: Side): Formula {
  switch (condition.op) {
    case "constant":
      return condition.value ? ALWAYS : NEVER;
    case "not":
      return { op: "not", of: conditionFormula(condition.of, space, side) };
    case "and":
    case "or":
      return { op: condition.op, of: condition.of.map((part) => conditionFormula(part, space, side)) };
    case "compare":
      return comparison(condition, space, side);
    default:
      return opaque(condition, space, side);
  }
}

function comparison(condition: Condition & { op: "compare" }, space: CaseSpace, side: Side): Formula {
  const known = oriented(condition);
  if (known === null) return opaque(condition, space, side);
  const value = point(known.literal);
  const fixed = agentFact(known.operand, space);
  const by = known.flipped ? FLIPPED[condition.by] : condition.by;
  if (fixed !== null) return holds(by, fixed === value ? 0 : fixed < value ? -1 : 1) ? ALWAYS : NEVER;
  const points = space.points.get(JSON.stringify(known.operand)) ?? [];
  return regions(points.indexOf(value), points.length, by, known.operand, space, side);
}

/**
 * With k literals an operand has 2k+1 cases: before the first, at it, between it and the next, and so on. Literal i
 * is case 2i+1. One more case stands for unknown, where that can be.
 */
function regions(
  index: number,
  count: number,
  by: Comparison,
  operand: Operand,
  space: CaseSpace,
  side: Side,
): Formula {
  const cases = 2 * count + 1;
  const key = `${sideKey([operand], space, side)}compare ${JSON.stringify(operand)}`;
  const variable = variableFor(space, key, mayBeUnknown(operand, space) ? cases + 1 : cases);
  const at = 2 * index + 1;
  return {
    op: "atom",
    variable,
    truth: (value) => (value >= cases ? UNKNOWN : holds(by, value - at) ? TRUE : FALSE),
  };
}

const FLIPPED: { readonly [by in Comparison]: Comparison } = {
  "==": "==",
  "!=": "!=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

function holds(by: Comparison, order: number): boolean {
  switch (by) {
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

/** What the table itself knows about the agent. */
function agentFact(operand: Operand, space: CaseSpace): string | null {
  if (operand.from !== "fact") return null;
  if (operand.fact === "agent.id") return space.agent.name;
  return operand.fact === "agent.owner" ? space.agent.owner : null;
}

/** Anything else is true, false or, where a fact may be absent, unknown; equal conditions are so together. */
function opaque(condition: Condition, space: CaseSpace, side: Side): Formula {
  const key = `${sideKey(readsOf(condition), space, side)}condition ${JSON.stringify(condition)}`;
  const variable = variableFor(space, key, conditionMayBeUnknown(condition, space) ? 3 : 2);
  return { op: "atom", variable, truth: (value) => CASES[value] ?? UNKNOWN };
}

const CASES: readonly Truth[] = [FALSE, TRUE, UNKNOWN];

function readsOf(condition: Condition): readonly Operand[] {
  if (condition.op === "every" || condition.op === "some") return [condition.list, ...readsOf(condition.body)];
  if (condition.op === "and" || condition.op === "or") return condition.of.flatMap(readsOf);
  return condition.op === "not" ? readsOf(condition.of) : operandsOf(condition);
}

/** Of several resources one may pass where another doesn't, so the two sides get variables of their own. */
function sideKey(operands: readonly Operand[], space: CaseSpace, side: Side): string {
  const readsResource = operands.some((operand) => operand.from === "fact" && operand.fact === "resource");
  return readsResource && manyResources(space.action) ? `${side} ` : "";
}
