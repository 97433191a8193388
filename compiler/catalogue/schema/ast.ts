/** Types of the language as nodes that no text was read for. */
import type { Name, Parameter, Span, StringLiteral, TypeNode, TypeSetting } from "../../../dsl/index.ts";

export type { JsonObject, JsonValue } from "../../../engine/index.ts";
export type { Name, Parameter, Span, StringLiteral, TypeNode, TypeSetting };

export function nameNode(value: string, span: Span): Name {
  return { kind: "Name", value, segments: [value], span };
}

function textNode(value: string, span: Span): StringLiteral {
  return { kind: "String", value, span };
}

export type Setting = readonly [name: string, value?: { readonly number: string } | { readonly text: string }];

export function namedType(name: string, settings: readonly Setting[], span: Span): TypeNode {
  return { kind: "NamedType", name: nameNode(name, span), settings: settingNodes(settings, span), span };
}

export function listType(of: TypeNode, settings: readonly Setting[], span: Span): TypeNode {
  return { kind: "ListType", of, settings: settingNodes(settings, span), span };
}

export function enumType(values: readonly string[], span: Span): TypeNode {
  return { kind: "EnumType", values: values.map((value) => textNode(value, span)), span };
}

function settingNodes(settings: readonly Setting[], span: Span): readonly TypeSetting[] {
  return settings.map(([name, value]) => ({ name: nameNode(name, span), value: valueNode(value, span), span }));
}

function valueNode(value: Setting[1], span: Span): TypeSetting["value"] {
  if (value === undefined) return null;
  return "number" in value ? { kind: "Number", text: value.number, span } : textNode(value.text, span);
}
