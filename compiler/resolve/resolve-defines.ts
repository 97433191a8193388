/** Defines are judged once, where they are declared; calls put their bodies in place without a second message. */
import type { DefineDeclaration } from "../../dsl/index.ts";
import { typeCondition } from "../type/type-condition.ts";
import { warnOptionalReads } from "../type/optional-reads.ts";
import { type Bound, noReads } from "../type/scope.ts";
import { spell } from "../report.ts";
import type { Resolver } from "./context.ts";
import { defineTraits, MOST_PARTS } from "./define-traits.ts";
import { resolveParams } from "./resolve-type.ts";

export function checkDefine(resolver: Resolver, node: DefineDeclaration): void {
  const { params, sound } = resolveParams(node.params, "parameter", resolver.report);
  const traits = defineTraits(resolver.names, node);
  if (traits.recursive || traits.tooLarge) return refuseEndless(resolver, node, traits.recursive);
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

function refuseEndless(resolver: Resolver, node: DefineDeclaration, recursive: boolean): void {
  const name = node.name.value;
  resolver.report.error(recursive ? "AP3036" : "AP3037", {
    span: node.name.span,
    message: recursive ? `define \`${name}\` calls itself` : `define \`${name}\` is too long with what it calls`,
    label: recursive ? "would never end" : `more than ${MOST_PARTS} parts`,
    help: recursive ? "write the condition without calling it again" : "split it, or compare with a set",
  });
}
