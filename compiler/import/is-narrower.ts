/** Whether every value of one type is right for another too. Where it isn't plain, it isn't so. */
import type { ParamType, TypeNode } from "./param-types.ts";
import { paramTypeOf } from "./param-types.ts";

/** Equal counts. */
export function isNarrower(left: TypeNode, right: TypeNode): boolean {
  const [narrow, wide] = [paramTypeOf(left), paramTypeOf(right)];
  return narrow !== null && wide !== null && holds(narrow, wide);
}

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

function holds(narrow: ParamType, wide: ParamType): boolean {
  if (wide.kind === "json" || JSON.stringify(narrow) === JSON.stringify(wide)) return true;
  if (wide.kind === "string") return fitsString(narrow, wide);
  if (wide.kind === "decimal" && (narrow.kind === "decimal" || narrow.kind === "int")) return isWithin(narrow, wide);
  if (wide.kind === "int" && narrow.kind === "int") return isWithin(narrow, wide);
  if (wide.kind === "enum" && narrow.kind === "enum")
    return narrow.values.every((value) => wide.values.includes(value));
  if (wide.kind === "url" && narrow.kind === "url") return narrow.schemes.every((one) => wide.schemes.includes(one));
  if (wide.kind === "path" && narrow.kind === "path") return narrow.absolute === wide.absolute && !wide.lower;
  if (wide.kind !== "list" || narrow.kind !== "list") return false;
  return narrow.min >= wide.min && narrow.max <= wide.max && holds(narrow.of, wide.of);
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

function isWithin(narrow: Bounded, wide: Bounded): boolean {
  const low = wide.min === null || (narrow.min !== null && Number(narrow.min) >= Number(wide.min));
  return low && (wide.max === null || (narrow.max !== null && Number(narrow.max) <= Number(wide.max)));
}
