/** A set's members have the type of what they are compared with, and must be canonical for each such use. */
import type { Name, SetDeclaration, StringLiteral } from "../../dsl/index.ts";
import type { Literal } from "../../engine/index.ts";
import { networksOf } from "../type/network.ts";
import { naturalType, typeLiteral } from "../type/type-literal.ts";
import { comparableAs, describeType, type ValueType } from "../type/value-type.ts";
import type { Context } from "./context.ts";

/** Whether values of `type` can be looked up in the set; messages stand at the members that don't fit. */
export function setMembersAs(
  context: Context,
  { set, type, use }: { readonly set: SetDeclaration; readonly type: ValueType; readonly use: Name },
): boolean {
  const [first] = set.members;
  if (!first) return true;
  const natural = naturalType(first);
  if (comparableAs(natural) !== comparableAs(type)) {
    context.report.error("AP3010", {
      span: use.span,
      message: `${describeType(type)} can't be in \`${use.value}\``,
      label: `a set of ${PLURAL[natural.kind] ?? "other values"}`,
      related: [{ span: set.name.span, label: "declared here" }],
      help: "compare values of one type",
    });
    return false;
  }
  return set.members.filter((member) => typeLiteral(member, type, context.report) === null).length === 0;
}

const PLURAL: { readonly [kind: string]: string } = {
  string: "texts",
  decimal: "numbers",
  bool: "`true` and `false`",
  duration: "durations",
  timestamp: "dates",
};

/** The set as networks, for a value of type `ip`. */
export function setNetworks(context: Context, set: SetDeclaration): readonly string[] | null {
  const texts = set.members.filter((member): member is StringLiteral => member.kind === "String");
  const networks = networksOf(texts, context.report);
  return texts.length === set.members.length ? networks : null;
}

/** A member as the table holds it: texts as they are, numbers as canonical text, times and durations in milliseconds. */
export function memberValue(literal: Literal): string | number {
  return typeof literal.value === "boolean" ? String(literal.value) : literal.value;
}
