/** Where an action's own parameters and its tool's schema can't both be right. Narrower ones are what policies are for. */
import type { ActionDeclaration, Span, TypeNode } from "../../dsl/index.ts";
import type { ToolParams } from "../catalogue/params-of-schema.ts";
import { paramTypeOf } from "./param-types.ts";

export interface Misfit {
  readonly span: Span;
  /** Behind the tool: `requires \`id\``. */
  readonly text: string;
}

/** The first one; null where arguments can be right for both. */
export function misfitOf({ params, open, name }: ActionDeclaration, tool: ToolParams): Misfit | null {
  const own = params ?? [];
  const missing = tool.params.find((one) => !one.optional && !own.some((param) => param.name.value === one.name.value));
  if (missing !== undefined && !open) return { span: name.span, text: `it requires \`${missing.name.value}\`` };
  for (const param of own) {
    const theirs = tool.params.find((one) => one.name.value === param.name.value);
    if (theirs === undefined && !tool.open) return { span: param.name.span, text: `it has no \`${param.name.value}\`` };
    if (theirs !== undefined && !shareValues(param.type, theirs.type)) {
      return { span: param.type.span, text: `its \`${param.name.value}\` is ${kindOf(theirs.type)}` };
    }
  }
  return null;
}

/** By the JSON that a value is written in: whether bounds meet isn't asked. */
function shareValues(left: TypeNode, right: TypeNode): boolean {
  const [one, other] = [jsonOf(left), jsonOf(right)];
  return one === null || other === null || one === other || isNumeric(one, other);
}

/** A decimal may be sent as a string or a number. */
function isNumeric(one: string, other: string): boolean {
  return [one, other].includes("decimal") && !["list", "record", "bool"].some((kind) => [one, other].includes(kind));
}

/** Null: any. */
function jsonOf(node: TypeNode): string | null {
  const type = paramTypeOf(node);
  switch (type?.kind) {
    case undefined:
    case "json":
      return null;
    case "int":
    case "decimal":
      return "decimal";
    case "list":
    case "record":
    case "bool":
      return type.kind;
    default:
      return "string";
  }
}

function kindOf(node: TypeNode): string {
  const type = paramTypeOf(node);
  return type === null ? "of another type" : `of type \`${type.kind}\``;
}
