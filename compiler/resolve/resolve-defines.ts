/** Defines are judged once, where they are declared; calls put their bodies in place without a second message. */
import type { DefineDeclaration } from "../../dsl/index.ts";
import { typeCondition } from "../type/type-condition.ts";
import { warnOptionalReads } from "../type/optional-reads.ts";
import { type Bound, noReads } from "../type/scope.ts";
import { spell } from "../report.ts";
import type { Resolver } from "./context.ts";
import { callsIn, defineTraits, MOST_PARTS } from "./define-traits.ts";
import { resolveParams } from "./resolve-type.ts";

export function checkDefine(resolver: Resolver, node: DefineDeclaration): void {
  const { params, sound } = resolveParams(node.params, "parameter", resolver.report);
  const traits = defineTraits(resolver.names, node);
  if (!traits.ends) return refuseEndless(resolver, node);
  if (traits.tooLarge) return refuseLarge(resolver, node);
  if (!sound) return;
  const reads = noReads();
  const variables = new Map<string, Bound>(
    params.map((param) => [
      param.name,
      {
        operand: { from: "variable", name: param.name, path: [] },
        type: param.type,
        optional: param.optional ? spell(param.name) : null,
      },
    ]),
  );
  const scope = {
    context: resolver,
    actions: null,
    variables,
    inQuantifier: false,
    negated: false,
    grantingTier: null,
  };
  typeCondition(node.body, { ...scope, reads });
  warnOptionalReads(reads, "clause", resolver.textOf, resolver.report);
}

/** One message for each circle, at the define in it that comes first by name; those that only lead into it have none. */
function refuseEndless(resolver: Resolver, node: DefineDeclaration): void {
  const circle = [...reachedFrom(resolver, node)].filter((other) => reachedFrom(resolver, other).has(node));
  const [first] = circle.map((define) => define.name.value).toSorted();
  if (first !== node.name.value) return;
  resolver.report.error("AP3036", {
    span: node.name.span,
    message: `define \`${first}\` calls itself`,
    label: circle.length > 1 ? "through others" : "would never end",
    related: circle
      .filter((other) => other !== node)
      .map((other) => ({ span: other.name.span, label: "through this one" })),
    help: "write the condition without calling it again",
  });
}

function reachedFrom(resolver: Resolver, node: DefineDeclaration): ReadonlySet<DefineDeclaration> {
  const reached = new Set<DefineDeclaration>();
  const open = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const called of callsIn(resolver.names, next.body)) {
      if (!reached.has(called)) open.push(called);
      reached.add(called);
    }
  }
  return reached;
}

function refuseLarge(resolver: Resolver, node: DefineDeclaration): void {
  const inner = callsIn(resolver.names, node.body).some((called) => defineTraits(resolver.names, called).tooLarge);
  if (inner) return;
  resolver.report.error("AP3037", {
    span: node.name.span,
    message: `define \`${node.name.value}\` is too long with what it calls`,
    label: `more than ${MOST_PARTS} parts`,
    help: "split it, or compare with a set",
  });
}
