/**
 * Fourth stage, for conditions: gives every part of an expression a type and lowers it to the table's form. Null, with
 * a message, where something doesn't fit; what surrounds a faulty part says nothing about it.
 */
import { assertNever } from "../assert-never.ts";
import type { Expression, PathExpression } from "../../dsl/index.ts";
import type { Condition } from "../../engine/index.ts";
import { lookup } from "../resolve/context.ts";
import { typeCall } from "./type-call.ts";
import { typeCompare } from "./type-compare.ts";
import { typeIn } from "./type-in.ts";
import { spellPath, typePath } from "./type-path.ts";
import { typeQuantifier } from "./type-quantifier.ts";
import { typeDetects } from "./type-detects.ts";
import { typeSessionDid, typeTaskMentions } from "./type-session.ts";
import { typeTextTest } from "./type-text-test.ts";
import { noteRead } from "./optional-reads.ts";
import type { Scope } from "./scope.ts";
import { describeType } from "./value-type.ts";

export function typeCondition(node: Expression, scope: Scope): Condition | null {
  switch (node.kind) {
    case "Parens":
      return typeCondition(node.of, scope);
    case "And":
    case "Or":
      return typeJunction(node, scope);
    case "Not": {
      const of = typeCondition(node.of, turned(scope));
      return of && { op: "not", of };
    }
    case "Boolean":
      return { op: "constant", value: node.value };
    case "Compare":
      return typeCompare(node, scope);
    case "In":
      return typeIn(node, scope);
    case "TextTest":
      return typeTextTest(node, scope);
    case "IsPresent":
      return typePresent(node, scope);
    case "Quantifier":
      return typeQuantifier(node, scope);
    case "SessionHas":
      return lookup(scope.context, "label", node.label) && { op: "session_has", label: node.label.value };
    case "SessionDid":
      return typeSessionDid(node, scope);
    case "During":
      return lookup(scope.context, "schedule", node.schedule) && { op: "during", schedule: node.schedule.value };
    case "Detects":
      return typeDetects(node, scope);
    case "TaskMentions":
      return typeTaskMentions(node, scope);
    case "DefineCall":
      return typeCall(node, scope);
    case "Path":
      return typeFlag(node, scope);
    case "String":
    case "Number":
    case "Duration":
    case "Date":
    case "Time":
    case "List":
      return refuseValue(node, scope);
    default:
      return assertNever(node);
  }
}

/** The scope below one more `not`. */
export function turned(scope: Scope): Scope {
  return { ...scope, negated: !scope.negated };
}

function typeJunction(node: Extract<Expression, { kind: "And" | "Or" }>, scope: Scope): Condition | null {
  const op = node.kind === "And" ? "and" : "or";
  const parts = node.of.map((part) => typeCondition(part, scope));
  const of = parts.filter((part) => part !== null);
  if (of.length < parts.length) return null;
  // `a and (b and c)` and `(a and b) and c` are one condition, so they get one form.
  return { op, of: of.flatMap((part) => (part.op === op ? [...part.of] : [part])) };
}

function typePresent(node: Extract<Expression, { kind: "IsPresent" }>, scope: Scope): Condition | null {
  const bound = typePath(node.of, scope);
  if (bound === null) return null;
  if (bound.optional !== null) scope.reads.present.add(bound.optional);
  const present: Condition = { op: "present", of: bound.operand };
  return node.negated ? { op: "not", of: present } : present;
}

/** A path by itself, as in `when args.urgent`. */
function typeFlag(node: PathExpression, scope: Scope): Condition | null {
  if (node.segments.length === 1 && scope.context.names.by.define.has(node.segments[0]?.value ?? "")) {
    scope.context.report.error("AP3020", {
      span: node.span,
      message: `\`${spellPath(node)}\` is a define`,
      label: "not called",
      help: `call it: \`${spellPath(node)}(…)\``,
    });
    return null;
  }
  const bound = typePath(node, scope);
  if (bound === null) return null;
  if (bound.type.kind === "bool") {
    noteRead(bound, node.span, scope);
    const right = { from: "literal", literal: { type: "bool", value: true } } as const;
    return { op: "compare", by: "==", type: "bool", left: bound.operand, right };
  }
  scope.context.report.error("AP3021", {
    span: node.span,
    message: `${describeType(bound.type)} is not a condition`,
    label: "neither true nor false",
    help: `compare it, as in \`${spellPath(node)} == …\``,
  });
  return null;
}

function refuseValue(node: Expression, scope: Scope): null {
  scope.context.report.error("AP3021", {
    span: node.span,
    message: "a value by itself is not a condition",
    label: "neither true nor false",
    help: "compare something with it, as in `args.amount <= 50`",
  });
  return null;
}
