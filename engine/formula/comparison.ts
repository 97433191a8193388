/** `==`, `!=`, `<`, `<=`, `>`, `>=` between two operands of one comparable type. */
import type { Comparison, Condition } from "../condition.ts";
import type { JsonValue } from "../request.ts";
import { compareNumbers } from "../values/decimal.ts";
import { EQUAL, GREATER, LESS, comparesTo } from "./atom.ts";
import { type Formula, known, knownAtoms } from "./formula.ts";
import { comparableReader, missingOf } from "./operand.ts";
import type { Scope } from "./scope.ts";
import { FALSE, TRUE, UNKNOWN } from "./truth.ts";

type Compare = Extract<Condition, { op: "compare" }>;

/** Which orders satisfy an operator, as bits: one closure then serves all six. */
const ACCEPTS: { readonly [by in Comparison]: number } = {
  "==": EQUAL,
  "!=": LESS | GREATER,
  "<": LESS,
  "<=": LESS | EQUAL,
  ">": GREATER,
  ">=": GREATER | EQUAL,
};

export function comparisonFormula(condition: Compare, scope: Scope): Formula {
  const left = comparableReader(condition.left, condition.type, scope);
  const right = comparableReader(condition.right, condition.type, scope);
  const accepts = ACCEPTS[condition.by];
  if (condition.type === "number" && left.at !== null && typeof right.constant === "number") {
    return knownAtoms([comparesTo(left.at, right.constant, accepts)], (frame) => [left.missing(frame)]);
  }
  const order = condition.type === "number" ? numberOrder : plainOrder;
  return known(
    (frame) => {
      const a = left.read(frame);
      const b = right.read(frame);
      if (a === undefined || b === undefined) return UNKNOWN;
      return (order(a, b) & accepts) === 0 ? FALSE : TRUE;
    },
    (frame) => missingOf([left, right], frame),
  );
}

/** What the operator makes of swapped sides: `5 < x` is `x > 5`. */
export function mirrored(by: Comparison): Comparison {
  const mirror: { readonly [by in Comparison]: Comparison } = {
    "==": "==",
    "!=": "!=",
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
  };
  return mirror[by];
}

export function satisfies(by: Comparison, left: number, right: number): boolean {
  return (plainOrder(left, right) & ACCEPTS[by]) !== 0;
}

function numberOrder(left: JsonValue, right: JsonValue): number {
  const order = compareNumbers(left as number | string, right as number | string);
  return order < 0 ? LESS : order > 0 ? GREATER : EQUAL;
}

/** Texts by UTF-16 unit, times and durations by milliseconds, false before true. */
function plainOrder(left: JsonValue, right: JsonValue): number {
  if (left === right) return EQUAL;
  return (left as string) < (right as string) ? LESS : GREATER;
}
