/** Whether every value of one type is right for another too. Where it isn't plain, it isn't so. */
import { type Param, type ParamType, parseDecimal } from "../../engine/index.ts";

const TEXTS: ReadonlySet<string> = new Set([
  "email",
  "url",
  "host",
  "ip",
  "path",
  "timestamp",
  "duration",
  "uuid",
  "enum",
]);

/** Equal counts. */
export function isWithin(narrow: ParamType, wide: ParamType): boolean {
  if (wide.kind === "json" || JSON.stringify(narrow) === JSON.stringify(wide)) return true;
  if (wide.kind === "string") return fitsString(narrow, wide);
  if (wide.kind === "decimal" && (narrow.kind === "decimal" || narrow.kind === "int")) return isBetween(narrow, wide);
  if (wide.kind === "int" && narrow.kind === "int") return isBetween(narrow, wide);
  if (wide.kind === "enum" && narrow.kind === "enum")
    return narrow.values.every((value) => wide.values.includes(value));
  if (wide.kind === "url" && narrow.kind === "url") return narrow.schemes.every((one) => wide.schemes.includes(one));
  if (wide.kind === "path" && narrow.kind === "path") return narrow.absolute === wide.absolute && !wide.lower;
  if (wide.kind === "record" && narrow.kind === "record") return fitsRecord(narrow.fields, wide.fields);
  if (wide.kind !== "list" || narrow.kind !== "list") return false;
  return narrow.min >= wide.min && narrow.max <= wide.max && isWithin(narrow.of, wide.of);
}

type Text = Extract<ParamType, { kind: "string" }>;

function fitsString(narrow: ParamType, { min, max, like }: Text): boolean {
  if (narrow.kind === "string") {
    const short = max === null || (narrow.max !== null && narrow.max <= max);
    return short && (narrow.min ?? 0) >= (min ?? 0) && (like === null || like === narrow.like);
  }
  return TEXTS.has(narrow.kind) && min === null && max === null && like === null;
}

type Bounded = Extract<ParamType, { kind: "int" | "decimal" }>;

function isBetween(narrow: Bounded, wide: Bounded): boolean {
  const low = wide.min === null || (narrow.min !== null && scaled(narrow.min) >= scaled(wide.min));
  return low && (wide.max === null || (narrow.max !== null && scaled(narrow.max) <= scaled(wide.max)));
}

/** A bound that can't be read is a mistake of ours: the table has them canonical. */
function scaled(bound: number | string): bigint {
  const value = parseDecimal(String(bound));
  if (value === null) throw new Error(`no bound: ${bound}`);
  return value;
}

/** Fields and parameters alike: undeclared ones are refused. */
export function fitsRecord(narrow: readonly Param[], wide: readonly Param[]): boolean {
  const known = new Map(wide.map((field) => [field.name, field]));
  const all = narrow.every(({ name, type, optional }) => {
    const field = known.get(name);
    return field !== undefined && isWithin(type, field.type) && (field.optional || !optional);
  });
  return all && wide.every(({ name, optional }) => optional || narrow.some((field) => field.name === name));
}
