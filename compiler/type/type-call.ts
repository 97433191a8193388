/** Calls of a `define`: its body put in place, reading what the call hands over. */
import type { DefineDeclaration, Expression, Parameter } from "../../dsl/index.ts";
import type { Condition, ParamType } from "../../engine/index.ts";
import { defineTraits } from "../resolve/define-traits.ts";
import { resolveType } from "../resolve/resolve-type.ts";
import { lookup } from "../resolve/context.ts";
import { muted } from "../report.ts";
import { noteRead } from "./optional-reads.ts";
import { type Bound, noReads, type Scope } from "./scope.ts";
import { reportForeignCall } from "./stranger.ts";
import { typeValue } from "./type-compare.ts";
import { typeCondition } from "./type-condition.ts";
import { mayReadWord } from "./type-path.ts";
import { alike, describeType, type ValueType } from "./value-type.ts";

type CallNode = Extract<Expression, { kind: "DefineCall" }>;

export function typeCall(node: CallNode, scope: Scope): Condition | null {
  if (reportForeignCall(node, scope)) return null;
  const define = lookup(scope.context, "define", node.name);
  if (define === null) return null;
  if (node.args.length !== define.params.length) return refuseCount(node, define, scope);
  const variables = new Map<string, Bound>();
  for (const [index, param] of define.params.entries()) {
    const bound = typeArgument(node, { param, index }, scope);
    if (bound !== null) variables.set(param.name.value, bound);
  }
  if (variables.size < define.params.length || !mayCall(node, define, scope)) return null;
  return putInPlace(define, variables, scope);
}

/** The body has had its own messages at its declaration, so it is read here without any. */
function putInPlace(define: DefineDeclaration, variables: ReadonlyMap<string, Bound>, scope: Scope): Condition | null {
  const context = { ...scope.context, report: muted };
  return typeCondition(define.body, { ...scope, context, variables, actions: null, reads: noReads() });
}

function mayCall(node: CallNode, define: DefineDeclaration, scope: Scope): boolean {
  const traits = defineTraits(scope.context.names, define);
  const { report } = scope.context;
  if (!traits.ends || traits.tooLarge) return false;
  if (traits.quantifies && scope.inQuantifier) {
    report.error("AP3030", {
      span: node.span,
      message: `\`${node.name.value}\` can't be called inside \`every\` or \`some\``,
      label: "goes over a list itself",
      help: "write two conditions, or compare with a set",
    });
    return false;
  }
  return (
    !traits.readsWord ||
    mayReadWord(scope, node.span, `\`${node.name.value}\` reads a detector or the agent's own word`)
  );
}

function typeArgument(
  node: CallNode,
  { param, index }: { readonly param: Parameter; readonly index: number },
  scope: Scope,
): Bound | null {
  const type = resolveType(param.type, muted);
  const argument = node.args[index];
  if (type === null || argument === undefined) return null;
  const bound = typeValue(argument, type, scope);
  if (bound === null) return null;
  // A parameter that may be left out says itself what holds then; any other reads the argument right here.
  if (!param.optional) noteRead(bound, argument.span, scope);
  if (fits(bound.type, type)) return { ...bound, type, optional: param.optional ? bound.optional : null };
  scope.context.report.error("AP3034", {
    span: argument.span,
    message: `\`${node.name.value}\` takes ${describeType(type)} as \`${param.name.value}\``,
    label: `${describeType(bound.type)} here`,
    related: [{ span: param.span, label: "declared here" }],
    help: "hand over a value of that type",
  });
  return null;
}

/** Bounds don't matter to a reader; the kind of value does. */
function fits(given: ValueType, wanted: ParamType): boolean {
  if (given.kind === "list" || wanted.kind === "list") {
    return given.kind === "list" && wanted.kind === "list" && fits(given.of, wanted.of);
  }
  if (given.kind === "record" || wanted.kind === "record") return JSON.stringify(given) === JSON.stringify(wanted);
  if (given.kind === "string" && wanted.kind === "enum") return false;
  return alike(given, wanted);
}

function refuseCount(node: CallNode, define: DefineDeclaration, scope: Scope): null {
  const wanted = define.params.length;
  scope.context.report.error("AP3035", {
    span: node.span,
    message: `\`${node.name.value}\` takes ${wanted} ${wanted === 1 ? "value" : "values"}`,
    label: `${node.args.length} here`,
    related: [{ span: define.name.span, label: "declared here" }],
    help: `call it as \`${node.name.value}(${define.params.map((param) => param.name.value).join(", ")})\``,
  });
  return null;
}
