/** A schema in one piece: references followed, `allOf` merged, `null` and single alternatives taken out. */
import { isList, isRecord, memberIn } from "../read-value.ts";
import type { JsonObject, JsonValue } from "./ast.ts";
import { isSilent } from "./keywords.ts";
import { mergeSchemas } from "./merge-schemas.ts";
import { note, type Place, type Reading } from "./reading.ts";

export interface Simple {
  /** False: no value fits. */
  readonly schema: JsonObject | false;
  readonly nullable: boolean;
  /** With the references that were followed. */
  readonly place: Place;
}

const ANY: JsonObject = {};
const MOST_STEPS = 64;

export function simplify(given: JsonValue | undefined, reading: Reading, place: Place): Simple {
  if (given === false) return { schema: false, nullable: false, place };
  if (!isRecord(given) || --reading.left < 0) return { schema: ANY, nullable: false, place };
  const followed = followReference(given, reading, place);
  const merged = mergeAll(followed.schema, reading, followed.place);
  const { schema, nullable } = withoutNull(merged.schema);
  const alone = onlyAlternative(schema);
  if (alone === null) return { schema, nullable, place: merged.place };
  const inner = simplify(mergeSchemas(alone.base, alone.alternative, reading, place), reading, merged.place);
  return { ...inner, nullable: nullable || alone.nullable || inner.nullable };
}

// -- references -------------------------------------------------------------------------------------------------

type Followed = { readonly schema: JsonObject; readonly place: Place };

function followReference(given: JsonObject, reading: Reading, place: Place): Followed {
  const reference = memberIn(given, "$ref");
  if (typeof reference !== "string") return { schema: given, place };
  const { $ref: _, ...beside } = given;
  const lost = (why: string): Followed => {
    note(reading, place, `\`$ref\` ${JSON.stringify(reference)} ${why}`);
    return { schema: beside, place };
  };
  if (place.refs.includes(reference)) return lost("leads back to itself");
  if (place.refs.length >= MOST_STEPS) return lost("leads too far");
  const target = resolvePointer(reading.root, reference);
  if (target === undefined) return lost("leads nowhere in this file");
  if (!isRecord(target)) return { schema: target === false ? { not: {} } : beside, place };
  const within = { ...place, refs: [...place.refs, reference] };
  const next = followReference(target, reading, within);
  return { schema: mergeSchemas(beside, next.schema, reading, place), place: next.place };
}

/** `#/$defs/Name` (RFC 6901, in a fragment). */
export function resolvePointer(root: JsonObject, reference: string): JsonValue | undefined {
  if (reference !== "#" && !reference.startsWith("#/")) return undefined;
  let value: JsonValue | undefined = root;
  for (const step of reference.split("/").slice(1)) {
    const key = decode(step).replaceAll("~1", "/").replaceAll("~0", "~");
    if (isList(value)) value = /^(?:0|[1-9]\d*)$/.test(key) ? value[Number(key)] : undefined;
    else value = isRecord(value) ? memberIn(value, key) : undefined;
  }
  return value;
}

function decode(step: string): string {
  return /%(?![0-9a-fA-F]{2})|%[89a-fA-F]/.test(step) ? step : decodeURIComponent(step);
}

// -- allOf ------------------------------------------------------------------------------------------------------

function mergeAll(schema: JsonObject, reading: Reading, place: Place): Followed {
  const parts = memberIn(schema, "allOf");
  if (!isList(parts)) return { schema, place };
  const { allOf: _, ...base } = schema;
  let merged: JsonObject = base;
  let at = place;
  for (const part of parts.filter(isRecord)) {
    if (--reading.left < 0) return { schema: ANY, place };
    const followed = followReference(part, reading, place);
    const inner = mergeAll(followed.schema, reading, followed.place);
    merged = mergeSchemas(merged, inner.schema, reading, place);
    at = { ...at, refs: [...new Set([...at.refs, ...inner.place.refs])] };
  }
  return { schema: merged, place: at };
}

// -- null and alternatives --------------------------------------------------------------------------------------

function withoutNull(schema: JsonObject): { readonly schema: JsonObject; readonly nullable: boolean } {
  const { nullable, ...rest } = schema;
  const [types, values] = [memberIn(schema, "type"), memberIn(schema, "enum")];
  let plain: JsonObject = nullable === undefined ? schema : rest;
  let isNullable = nullable === true;
  if (isList(types)) {
    const others = types.filter((type) => type !== "null");
    isNullable ||= others.length < types.length;
    const only = others.length === 1 ? (others[0] ?? null) : others;
    plain = { ...plain, type: isNumeric(others) ? "number" : only };
  }
  if (isList(values) && values.includes(null) && values.length > 1) {
    isNullable ||= types === undefined || isList(types);
    plain = { ...plain, enum: values.filter((value) => value !== null) };
  }
  return { schema: plain, nullable: isNullable };
}

function isNumeric(types: readonly JsonValue[]): boolean {
  return types.length === 2 && types.includes("number") && types.includes("integer");
}

interface Alone {
  readonly base: JsonObject;
  readonly alternative: JsonObject;
  readonly nullable: boolean;
}

/** The one alternative that isn't `null`: `anyOf: [T, { type: "null" }]`. */
function onlyAlternative(schema: JsonObject): Alone | null {
  for (const keyword of ["anyOf", "oneOf"]) {
    const alternatives = memberIn(schema, keyword);
    if (!isList(alternatives) || !alternatives.every(isRecord)) continue;
    const others = alternatives.filter((one) => !isNull(one));
    const [alternative] = others;
    if (alternative === undefined || others.length > 1) continue;
    const base = Object.fromEntries(Object.entries(schema).filter(([key]) => key !== keyword));
    return { base, alternative, nullable: others.length < alternatives.length };
  }
  return null;
}

function isNull(schema: JsonObject): boolean {
  const { type, const: constant, enum: values, nullable: _, ...rest } = schema;
  const says = type === "null" || constant === null || (isList(values) && values.length === 1 && values[0] === null);
  return says && isSilent(rest);
}
