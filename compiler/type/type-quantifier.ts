/** `every x in L: C` and `some x in L: C`. Never nested: a condition ends in time linear in the request. */
import type { Expression } from "../../dsl/index.ts";
import type { Condition } from "../../engine/index.ts";
import { isInvented } from "../report.ts";
import { FACT_ROOTS } from "./facts.ts";
import { noteRead } from "./optional-reads.ts";
import type { Bound, Scope } from "./scope.ts";
import { typeCondition } from "./type-condition.ts";
import { typePath } from "./type-path.ts";
import { describeType } from "./value-type.ts";

type QuantifierNode = Extract<Expression, { kind: "Quantifier" }>;

export function typeQuantifier(node: QuantifierNode, scope: Scope): Condition | null {
  if (scope.inQuantifier) return refuseNested(node, scope);
  const list = typePath(node.list, scope);
  if (list === null || isInvented(node.variable) || !soundVariable(node, scope)) return null;
  noteRead(list, node.span, scope);
  if (list.type.kind !== "list") return refuseList(node, list, scope);
  const variable = node.variable.value;
  const element: Bound = {
    operand: { from: "variable", name: variable, path: [] },
    type: list.type.of,
    optional: null,
  };
  const variables = new Map([...scope.variables, [variable, element] as const]);
  const body = typeCondition(node.body, { ...scope, variables, inQuantifier: true });
  return body && { op: node.quantifier, variable, list: list.operand, body };
}

function soundVariable(node: QuantifierNode, scope: Scope): boolean {
  const name = node.variable.value;
  if (name !== "args" && !FACT_ROOTS.includes(name) && !scope.variables.has(name)) return true;
  scope.context.report.error("AP3031", {
    span: node.variable.span,
    message: `\`${name}\` has a meaning here already`,
    label: "would hide it",
    help: "give the element another name",
  });
  return false;
}

function refuseNested(node: QuantifierNode, scope: Scope): null {
  scope.context.report.error("AP3030", {
    span: node.span,
    message: `\`${node.quantifier}\` can't stand inside another \`every\` or \`some\``,
    label: "nested here",
    help: "write two conditions, or compare with a set",
  });
  return null;
}

function refuseList(node: QuantifierNode, list: Bound, scope: Scope): null {
  scope.context.report.error("AP3032", {
    span: node.list.span,
    message: `${describeType(list.type)} is no list`,
    label: `\`${node.quantifier}\` goes over the elements of a list`,
    help: "ask about the value itself",
  });
  return null;
}
