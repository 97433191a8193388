/** `==`, `!=` and the orderings. */
import type { Expression, Literal as LiteralNode } from "../../dsl/index.ts";
import type { Condition } from "../../engine/index.ts";
import { noteRead } from "./optional-reads.ts";
import type { Bound, Scope } from "./scope.ts";
import { reportForeignCall } from "./stranger.ts";
import { naturalType, typeLiteral } from "./type-literal.ts";
import { typePath } from "./type-path.ts";
import { alike, comparableAs, describeType, isOrdered, type ValueType, WHOLE_HELP } from "./value-type.ts";

type CompareNode = Extract<Expression, { kind: "Compare" }>;

export function typeCompare(node: CompareNode, scope: Scope): Condition | null {
  const sides = typeSides(node.left, node.right, scope);
  if (sides === null) return null;
  const { left, right } = sides;
  noteRead(left, node.span, scope);
  noteRead(right, node.span, scope);
  const type = comparableAs(left.type);
  if (type === null || !alike(left.type, right.type)) return refuseUnlike(node, left.type, right.type, scope);
  if (node.operator !== "==" && node.operator !== "!=" && !isOrdered(left.type)) {
    return refuseOrder(node, left.type, scope);
  }
  return { op: "compare", by: node.operator, type, left: left.operand, right: right.operand };
}

/** Types both sides; a literal takes the type of the other side. */
function typeSides(left: Expression, right: Expression, scope: Scope): { left: Bound; right: Bound } | null {
  if (isLiteral(left) && isLiteral(right)) {
    const type = naturalType(left);
    return pair(typeValue(left, type, scope), typeValue(right, type, scope));
  }
  if (isLiteral(left)) {
    const other = typeValue(right, null, scope);
    return other && pair(typeValue(left, other.type, scope), other);
  }
  const first = typeValue(left, null, scope);
  const second = first || !isLiteral(right) ? typeValue(right, first?.type ?? null, scope) : null;
  return pair(first, second);
}

function pair(left: Bound | null, right: Bound | null): { left: Bound; right: Bound } | null {
  return left && right && { left, right };
}

/** A path or a literal; `expected` is what a literal is compared with. */
export function typeValue(node: Expression, expected: ValueType | null, scope: Scope): Bound | null {
  if (node.kind === "Parens") return typeValue(node.of, expected, scope);
  if (node.kind === "Path") return typePath(node, scope);
  if (isLiteral(node)) {
    const type = expected ?? naturalType(node);
    const literal = typeLiteral(node, type, scope.context.report);
    return literal && { operand: { from: "literal", literal }, type, optional: null };
  }
  if (node.kind === "DefineCall" && reportForeignCall(node, scope)) return null;
  scope.context.report.error("AP3022", {
    span: node.span,
    message: node.kind === "List" ? "a list can't be compared" : "a condition can't be compared",
    label: node.kind === "List" ? "a list here" : "already true or false",
    help: node.kind === "List" ? 'use `in`: `args.x in ["a", "b"]`' : "join conditions with `and`, `or` and `not`",
  });
  return null;
}

export function isLiteral(node: Expression): node is LiteralNode {
  switch (node.kind) {
    case "String":
    case "Number":
    case "Boolean":
    case "Duration":
    case "Date":
    case "Time":
      return true;
    default:
      return false;
  }
}

function refuseUnlike(node: CompareNode, left: ValueType, right: ValueType, scope: Scope): null {
  const whole = [left, right].find((type) => comparableAs(type) === null);
  scope.context.report.error("AP3010", {
    span: node.span,
    message: whole
      ? `${describeType(whole)} can't be compared as a whole`
      : `${describeType(left)} can't be compared with ${describeType(right)}`,
    label: whole ? null : "two different types",
    help: whole ? (WHOLE_HELP[whole.kind] ?? null) : unlikeHelp(left, right),
  });
  return null;
}

function unlikeHelp(left: ValueType, right: ValueType): string {
  const kinds = [left.kind, right.kind];
  if (kinds.includes("email") && kinds.includes("host")) return "compare the address's `.domain` with the host";
  if (kinds.includes("url") && kinds.includes("host")) return "compare the url's `.host` with the host";
  return "compare values of one type, or declare one argument with the type of the other";
}

function refuseOrder(node: CompareNode, type: ValueType, scope: Scope): null {
  scope.context.report.error("AP3015", {
    span: node.span,
    message: `${describeType(type)} has no order`,
    label: `\`${node.operator}\` needs numbers, times or durations`,
    help: "compare it with `==` or `!=`",
  });
  return null;
}
