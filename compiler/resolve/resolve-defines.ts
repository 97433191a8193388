/** Defines are judged once, where they are declared; calls put their bodies in place without a second message. */
import type { DefineDeclaration } from "../../dsl/index.ts";
import { typeCondition } from "../type/type-condition.ts";
import { warnOptionalReads } from "../type/optional-reads.ts";
import { type Bound, noReads } from "../type/scope.ts";
import { spell } from "../report.ts";
import { compareText } from "../sorted-set.ts";
import type { Names } from "../collect/names.ts";
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

/** Defines whose circle has had its message. */
const told = new WeakMap<Names, Set<DefineDeclaration>>();

/** One message for each circle, at the define in it that comes first by name; those that only lead into it have none. */
function refuseEndless(resolver: Resolver, node: DefineDeclaration): void {
  const known = told.get(resolver.names) ?? new Set();
  told.set(resolver.names, known);
  if (known.has(node)) return;
  const reached = reachedFrom(resolver, node);
  if (!reached.has(node)) return;
  const circle = [...reached].filter((other) => reachedFrom(resolver, other).has(node));
  for (const define of circle) known.add(define);
  const [first = node] = circle.toSorted((a, b) => compareText(a.name.value, b.name.value));
  resolver.report.error("AP3036", {
    span: first.name.span,
    message: `define \`${first.name.value}\` calls itself`,
    label: circle.length > 1 ? "through others" : "would never end",
    related: circle
      .filter((other) => other !== first)
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
