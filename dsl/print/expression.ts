/** Conditions as one line: a table of node kind → text. */
import type { Expression, Guard, PathExpression } from "../ast.ts";
import { printName, quote } from "./word.ts";

type Printers = { readonly [K in Expression["kind"]]: (node: Extract<Expression, { kind: K }>) => string };

const printers: Printers = {
  String: ({ value }) => quote(value),
  Number: ({ text }) => text,
  Duration: ({ text }) => text,
  Date: ({ text }) => text,
  Time: ({ text }) => text,
  Boolean: ({ value }) => String(value),
  Path: printPath,
  List: ({ items }) => `[${items.map(printExpression).join(", ")}]`,
  And: ({ of }) => of.map(printExpression).join(" and "),
  Or: ({ of }) => of.map(printExpression).join(" or "),
  Not: ({ of }) => `not ${printExpression(of)}`,
  Parens: ({ of }) => `(${printExpression(of)})`,
  Compare: ({ left, operator, right }) => `${printExpression(left)} ${operator} ${printExpression(right)}`,
  In: ({ left, negated, right }) => `${printExpression(left)} ${negated ? "not in" : "in"} ${printExpression(right)}`,
  TextTest: ({ left, operator, right }) => `${printExpression(left)} ${operator} ${printExpression(right)}`,
  IsPresent: ({ of, negated }) => `${printPath(of)} is ${negated ? "not " : ""}present`,
  Quantifier: ({ quantifier, variable, list, body }) =>
    `${quantifier} ${printName(variable)} in ${printPath(list)}: ${printExpression(body)}`,
  SessionHas: ({ label }) => `session has ${printName(label)}`,
  SessionDid: ({ action, same, within }) =>
    `session did ${printName(action)}` +
    (same.length > 0 ? ` same (${same.map(printName).join(", ")})` : "") +
    (within === null ? "" : ` within ${within.text}`),
  During: ({ schedule }) => `during ${printName(schedule)}`,
  Detects: ({ of, detector }) =>
    of === null ? `args contain ${printName(detector)}` : `${printPath(of)} contains ${printName(detector)}`,
  TaskMentions: ({ of }) => `task mentions ${printPath(of)}`,
  DefineCall: ({ name, args }) => `${printName(name)}(${args.map(printExpression).join(", ")})`,
};

/** Canonical text on one line, independent of how it was formatted. */
export function printExpression(expression: Expression): string {
  // oxlint-disable-next-line no-unsafe-type-assertion -- the table has the printer of this kind's own type
  const print = printers[expression.kind] as (node: Expression) => string;
  return print(expression);
}

export function printPath(path: PathExpression): string {
  return path.segments.map(printName).join(".");
}

/** ` when …`, ` unless …` with its space, or nothing. */
export function printGuard(guard: Guard | null): string {
  return guard === null ? "" : ` ${guard.unless ? "unless" : "when"} ${printExpression(guard.condition)}`;
}
