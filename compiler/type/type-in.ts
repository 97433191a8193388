/** `in` and `not in`: a list of literals, a set, a group, networks, or a list that the request carries. */
import type { Expression, Literal as LiteralNode, Name, Related, StringLiteral } from "../../dsl/index.ts";
import type { Condition } from "../../engine/index.ts";
import { lookup, reportUnknown } from "../resolve/context.ts";
import { setMembersAs, setNetworks } from "../resolve/set-members.ts";
import { sortedSet } from "../sorted-set.ts";
import { FACT_ROOTS } from "./facts.ts";
import { networksOf } from "./network.ts";
import { noteRead } from "./optional-reads.ts";
import type { Bound, Scope } from "./scope.ts";
import { isLiteral, typeValue } from "./type-compare.ts";
import { naturalType, typeLiteral } from "./type-literal.ts";
import { typePath } from "./type-path.ts";
import { alike, comparableAs, describeType, type ValueType } from "./value-type.ts";

type InNode = Extract<Expression, { kind: "In" }>;

export function typeIn(node: InNode, scope: Scope): Condition | null {
  const found = typeMembership(node, scope);
  return found && node.negated ? { op: "not", of: found } : found;
}

function typeMembership(node: InNode, scope: Scope): Condition | null {
  const right = node.right.kind === "Parens" ? node.right.of : node.right;
  if (right.kind === "Path") {
    const [only, ...more] = right.segments;
    const name = more.length === 0 ? only : undefined;
    if (name && !scope.variables.has(name.value) && isCollectionName(name, scope)) return inNamed(node, name, scope);
    if (name && isNoValue(name, scope)) return refuseName(name, scope);
    return inCarriedList(node, scope);
  }
  const left = typeLeft(node, scope);
  if (left === null) return null;
  if (right.kind === "List") return inLiterals(left, right.items, scope);
  if (right.kind === "String" && left.type.kind === "ip") return inNetworks(left, [right], scope);
  return refuseRight(right, left.type, scope);
}

function isCollectionName(name: Name, scope: Scope): boolean {
  const { by } = scope.context.names;
  return by.set.has(name.value) || by.group.has(name.value) || by["live set"].has(name.value);
}

/** A bare word after `in` that can't be read from the request was meant as the name of a set or group. */
function isNoValue(name: Name, scope: Scope): boolean {
  return !scope.variables.has(name.value) && name.value !== "args" && !FACT_ROOTS.includes(name.value);
}

function refuseName(name: Name, scope: Scope): null {
  const { by } = scope.context.names;
  const known = [...by.set.keys(), ...by["live set"].keys(), ...by.group.keys(), ...scope.variables.keys()];
  reportUnknown(scope.context.report, { code: "AP2011", what: "set or group", name }, known);
  return null;
}

/** The left side, where it is one value. */
function typeLeft(node: InNode, scope: Scope): Bound | null {
  const left = typeValue(node.left, null, scope);
  if (left === null) return null;
  noteRead(left, node.span, scope);
  if (comparableAs(left.type) !== null) return left;
  scope.context.report.error("AP3016", {
    span: node.left.span,
    message: `${describeType(left.type)} is no single value`,
    label: "can't be in anything as a whole",
    help: left.type.kind === "list" ? "ask about its elements: `every x in …: x in …`" : "ask about one of its fields",
  });
  return null;
}

function inLiterals(left: Bound, items: readonly LiteralNode[], scope: Scope): Condition | null {
  const { report } = scope.context;
  if (left.type.kind === "ip") {
    const texts = items.filter((item) => item.kind === "String");
    if (texts.length === items.length) return inNetworks(left, texts, scope);
  }
  const type = comparableAs(left.type);
  const members = items.map((item) => typeLiteral(item, left.type, report));
  const known = members.filter((member) => member !== null);
  if (type === null || known.length < members.length) return null;
  return { op: "in", type, left: left.operand, members: sortedSet(known) };
}

function inNetworks(left: Bound, nodes: readonly StringLiteral[], scope: Scope): Condition | null {
  const networks = networksOf(nodes, scope.context.report);
  return networks && { op: "in_network", left: left.operand, networks };
}

function inNamed(node: InNode, name: Name, scope: Scope): Condition | null {
  const { by } = scope.context.names;
  const left = typeLeft(node, scope);
  if (by.group.has(name.value)) {
    lookup(scope.context, "group", name);
    return left && inGroup(node, left, name, scope);
  }
  if (by["live set"].has(name.value)) {
    lookup(scope.context, "live set", name);
    return left && inLiveSet(left, name, scope);
  }
  const set = by.set.get(name.value);
  if (!set) return null;
  lookup(scope.context, "set", name);
  if (left === null) return null;
  if (left.type.kind === "ip") {
    const networks = setNetworks(scope.context, set);
    return networks && { op: "in_network", left: left.operand, networks };
  }
  const type = comparableAs(left.type);
  if (type === null || !setMembersAs(scope.context, { set, type: left.type, use: name })) return null;
  return { op: "in_set", type, left: left.operand, set: name.value };
}

/** Its members come at run time as texts, so they are compared letter by letter and nothing else fits. */
function inLiveSet(left: Bound, name: Name, scope: Scope): Condition | null {
  if (comparableAs(left.type) === "string" && left.type.kind !== "ip") {
    return { op: "in_live_set", left: left.operand, set: name.value };
  }
  const ip = left.type.kind === "ip";
  scope.context.report.error("AP3106", {
    span: name.span,
    message: `${describeType(left.type)} can't be in \`${name.value}\``,
    label: "a live set holds texts",
    related: relatedDeclaration(name, scope),
    help: ip ? "write networks into a `set`" : "use a `set` for other values than texts",
  });
  return null;
}

function relatedDeclaration(name: Name, { context }: Scope): readonly Related[] {
  const declared = context.names.by["live set"].get(name.value);
  return declared ? [{ span: declared.name.span, label: "declared here" }] : [];
}

function inGroup(node: InNode, left: Bound, name: Name, scope: Scope): Condition | null {
  const { report, names } = scope.context;
  if (left.type.kind !== "principal" && left.type.kind !== "email") {
    report.error("AP3018", {
      span: node.left.span,
      message: `${describeType(left.type)} can't be in a group`,
      label: "neither an address nor a requester",
      help: "a group holds people: ask about `requester.id` or an argument of type `email`",
    });
    return null;
  }
  const group = names.by.group.get(name.value);
  if (left.type.kind === "email" && group?.claim) {
    report.error("AP3019", {
      span: name.span,
      message: `who is in \`${name.value}\` is only known of a person that signed in`,
      label: "known by a claim",
      help: "ask about `requester.id`, or use a group of addresses",
    });
    return null;
  }
  return { op: "in_group", left: left.operand, group: name.value };
}

/** `args.owner in args.members`, `"urgent" in args.tags`. */
function inCarriedList(node: InNode, scope: Scope): Condition | null {
  const right = node.right.kind === "Parens" ? node.right.of : node.right;
  if (right.kind !== "Path") return null;
  const list = typePath(right, scope);
  if (list === null) {
    if (!isLiteral(node.left)) typeValue(node.left, null, scope);
    return null;
  }
  noteRead(list, node.span, scope);
  if (list.type.kind !== "list") return refuseRight(right, list.type, scope);
  const value = typeValue(node.left, list.type.of, scope);
  if (value === null) return null;
  noteRead(value, node.span, scope);
  const type = comparableAs(value.type);
  if (type === null || !alike(value.type, list.type.of)) return refuseRight(right, value.type, scope);
  return { op: "has", type, list: list.operand, value: value.operand };
}

function refuseRight(right: Expression, left: ValueType, scope: Scope): null {
  const literal = isLiteral(right) ? naturalType(right) : null;
  const what = literal ? "one value" : "this";
  scope.context.report.error("AP3023", {
    span: right.span,
    message: `${describeType(left)} can't be in ${what}`,
    label: "neither a list, a set nor a group",
    help: 'write a list as in `["a", "b"]`, or the name of a set or group',
  });
  return null;
}
