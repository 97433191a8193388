/** Static types of what a condition can read: the types of parameters, and two that only facts have. */
import type { ComparableType, ParamType } from "../../engine/index.ts";

export type ValueType =
  | ParamType
  /** `requester.id`: an address, or a subject where the identity provider gives none. */
  | { readonly kind: "principal" }
  /** `request.country`: two capital letters. */
  | { readonly kind: "country" };

export const STRING: ParamType = { kind: "string", min: null, max: null, like: null };
export const INT: ParamType = { kind: "int", min: null, max: null };
export const DECIMAL: ParamType = { kind: "decimal", min: null, max: null };

export function listOf(of: ParamType): ParamType {
  return { kind: "list", of, min: 0, max: Number.MAX_SAFE_INTEGER };
}

/** How a message names the type. */
export function describeType(type: ValueType): string {
  switch (type.kind) {
    case "list":
      return `\`list<${plainName(type.of)}>\``;
    case "principal":
      return "a requester's id";
    case "country":
      return "a country code";
    default:
      return `\`${plainName(type)}\``;
  }
}

function plainName(type: ValueType): string {
  return type.kind === "list" ? `list<${plainName(type.of)}>` : type.kind;
}

/** What to do instead of comparing values of such a type as a whole, by kind. */
export const WHOLE_HELP: { readonly [kind: string]: string } = {
  list: "ask about its elements, as in `every x in …: …`, or about its `.size`",
  record: "compare one of its fields",
  json: "`json` can't be read in conditions: declare the argument as a `record`",
};

/** How the table compares values of the type; null where they can't be compared as a whole. */
export function comparableAs(type: ValueType): ComparableType | null {
  switch (type.kind) {
    case "int":
    case "decimal":
      return "number";
    case "bool":
      return "bool";
    case "timestamp":
      return "time";
    case "duration":
      return "duration";
    case "list":
    case "record":
    case "json":
      return null;
    default:
      return "string";
  }
}

/**
 * Whether values of the two types may be compared. Text types compare with their own kind only: a `string` needn't be
 * in the canonical form that an `email` has, so comparing the two would find a difference where a reader sees none.
 */
export function alike(left: ValueType, right: ValueType): boolean {
  const family = familyOf(left);
  if (family === null) return false;
  return family === familyOf(right) || isPrincipalPair(left, right) || isPrincipalPair(right, left);
}

function familyOf(type: ValueType): string | null {
  if (type.kind === "int" || type.kind === "decimal") return "number";
  if (type.kind === "enum" || type.kind === "country") return "string";
  return comparableAs(type) === null ? null : type.kind;
}

function isPrincipalPair(principal: ValueType, other: ValueType): boolean {
  return principal.kind === "principal" && (other.kind === "string" || other.kind === "email");
}

/** Types that `like`, `contains`, `starts with` and `ends with` can test. */
export function isText(type: ValueType): boolean {
  return comparableAs(type) === "string";
}

/** Types that `<` and its kin can order. */
export function isOrdered(type: ValueType): boolean {
  const as = comparableAs(type);
  return as === "number" || as === "time" || as === "duration";
}

/** The one type that fits values of both declarations, or null: bounds widen, everything else must agree. */
export function joinTypes(left: ParamType, right: ParamType): ParamType | null {
  if (left === right) return left;
  if (left.kind === "enum" && right.kind === "enum") {
    return { kind: "enum", values: [...new Set([...left.values, ...right.values])].toSorted() };
  }
  if (left.kind === "list" && right.kind === "list") {
    const of = joinTypes(left.of, right.of);
    return of && { kind: "list", of, min: Math.min(left.min, right.min), max: Math.max(left.max, right.max) };
  }
  if (left.kind === "string" && right.kind === "string") {
    const min = Math.min(left.min ?? 0, right.min ?? 0);
    return { kind: "string", min: min === 0 ? null : min, max: null, like: null };
  }
  if (left.kind === "int" && right.kind === "int") {
    return { kind: "int", min: bothMin(left.min, right.min), max: null };
  }
  if (left.kind === "url" && right.kind === "url") {
    return { kind: "url", schemes: [...new Set([...left.schemes, ...right.schemes])].toSorted() };
  }
  if (left.kind === "decimal" && right.kind === "decimal") return joinDecimals(left, right);
  if (left.kind === "record" || right.kind === "record") {
    return JSON.stringify(left) === JSON.stringify(right) ? left : null;
  }
  return left.kind === right.kind ? left : null;
}

type DecimalType = Extract<ParamType, { kind: "decimal" }>;

/** Which bound is lower doesn't matter to a reader of the joined type: only whether both rule out negative amounts. */
function joinDecimals(left: DecimalType, right: DecimalType): ParamType {
  const bounded = left.min !== null && right.min !== null;
  const negative = bounded && (left.min.startsWith("-") || right.min.startsWith("-"));
  return { kind: "decimal", min: bounded && !negative ? "0" : null, max: null };
}

function bothMin(left: number | null, right: number | null): number | null {
  return left === null || right === null ? null : Math.min(left, right);
}

/** The type of `.member` of a value, or null where there is none. Fields of records are looked up elsewhere. */
export function memberType(type: ValueType, member: string): ParamType | null {
  return MEMBERS[type.kind]?.[member] ?? null;
}

export function membersOf(type: ValueType): readonly string[] {
  return type.kind === "record" ? type.fields.map((field) => field.name) : Object.keys(MEMBERS[type.kind] ?? {});
}

const HOST: ParamType = { kind: "host" };

const MEMBERS: { readonly [kind: string]: { readonly [member: string]: ParamType } } = {
  email: { local: STRING, domain: HOST },
  url: { scheme: STRING, host: HOST, port: INT, path: STRING },
  string: { length: INT, lower: STRING, links: listOf({ kind: "url", schemes: ["http", "https"] }) },
  list: { size: INT },
};
