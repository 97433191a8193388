/** `like`, `contains`, `starts with`, `ends with`. */
import type { Expression } from "../../dsl/index.ts";
import type { Condition } from "../../engine/index.ts";
import { noteRead } from "./optional-reads.ts";
import { refuseVainText } from "./refuse-vain-text.ts";
import type { Bound, Scope } from "./scope.ts";
import { refuseDetector } from "./type-detects.ts";
import { isLiteral, typeValue } from "./type-compare.ts";
import { alike, comparableAs, describeType, isText, STRING, type ValueType } from "./value-type.ts";

type TextTestNode = Extract<Expression, { kind: "TextTest" }>;

/** More stars make a glob slow to match, and nobody can say what it matches. */
export const MOST_STARS = 4;

export function countStars(glob: string): number {
  return glob.split("*").length - 1;
}

const OPS = {
  like: "like",
  contains: "contains",
  "starts with": "starts_with",
  "ends with": "ends_with",
} as const;

export function typeTextTest(node: TextTestNode, scope: Scope): Condition | null {
  if (refuseDetector(node, scope)) return null;
  const left = typeValue(node.left, null, scope);
  if (left === null) return null;
  noteRead(left, node.span, scope);
  if (node.operator === "contains" && left.type.kind === "list") return typeHas(node, left, left.type.of, scope);
  if (!isText(left.type)) return refuseLeft(node, left.type, scope);
  const right = typeValue(node.right, STRING, scope);
  if (right === null) return null;
  noteRead(right, node.span, scope);
  if (!isText(right.type)) return refuseRight(node, right.type, scope);
  if (node.operator === "like" && !soundGlob(node, scope)) return null;
  if (refuseVainText(node, left.type, scope.context.report)) return null;
  return { op: OPS[node.operator], left: left.operand, right: right.operand };
}

function typeHas(node: TextTestNode, list: Bound, of: ValueType, scope: Scope): Condition | null {
  const value = typeValue(node.right, of, scope);
  if (value === null) return null;
  noteRead(value, node.span, scope);
  const type = comparableAs(of);
  if (type !== null && alike(of, value.type)) return { op: "has", type, list: list.operand, value: value.operand };
  scope.context.report.error("AP3010", {
    span: node.right.span,
    message: `${describeType(list.type)} can't contain ${describeType(value.type)}`,
    label: "another type than the elements",
    help: "compare values of one type",
  });
  return null;
}

function soundGlob(node: TextTestNode, scope: Scope): boolean {
  const { report } = scope.context;
  if (node.right.kind !== "String") {
    report.error("AP3024", {
      span: node.right.span,
      message: "`like` needs a glob in quotes",
      label: isLiteral(node.right) ? null : "a value of the request, never a pattern",
      help: 'write the glob itself, as in `"prod-*"`, or compare with `==`',
    });
    return false;
  }
  const stars = countStars(node.right.value);
  if (stars <= MOST_STARS) return true;
  report.error("AP3025", {
    span: node.right.span,
    message: `a glob has at most ${MOST_STARS} \`*\``,
    label: `${stars} here`,
    help: "split it into several conditions",
  });
  return false;
}

function refuseLeft(node: TextTestNode, type: ValueType, scope: Scope): null {
  scope.context.report.error("AP3026", {
    span: node.left.span,
    message: `\`${node.operator}\` can't test ${describeType(type)}`,
    label: "not a text",
    help: type.kind === "list" ? "ask about its elements: `some x in …: …`" : "compare it with `==`, `<` or `in`",
  });
  return null;
}

function refuseRight(node: TextTestNode, type: ValueType, scope: Scope): null {
  scope.context.report.error("AP3026", {
    span: node.right.span,
    message: `\`${node.operator}\` needs a text, not ${describeType(type)}`,
    label: "not a text",
    help: "write a text in quotes",
  });
  return null;
}
