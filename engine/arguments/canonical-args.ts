/**
 * Arguments in one text per meaning: `50`, `"50"` and `"50.00"` are one decimal, `https://a.example` and
 * `https://a.example/` one URL. Keys of limits and `session did … same` compare these, so that spelling a value in
 * another way is neither a new budget nor another call.
 */
import type { Action, Param, ParamType } from "../table.ts";
import type { JsonObject, JsonValue } from "../request.ts";
import { canonicalJson, isObject } from "../values/canonical-json.ts";
import { formatDecimal, scaledOf } from "../values/decimal.ts";
import { parseDuration } from "../values/duration.ts";
import { parseTimestamp } from "../values/timestamp.ts";
import { hrefOf } from "../values/url.ts";
import { memberOf, memberValue } from "./check-record.ts";

/** A checked value of this type in its canonical form. */
export function canonicalValue(type: ParamType, value: JsonValue): JsonValue {
  switch (type.kind) {
    case "decimal":
      return formatDecimal(scaledOf(value as number | string));
    case "url":
      return hrefOf(value as string);
    case "timestamp":
      return parseTimestamp(value as string);
    case "duration":
      return parseDuration(value as string);
    case "list":
      return (value as readonly JsonValue[]).map((element) => canonicalValue(type.of, element));
    case "record":
      return canonicalRecord(type.fields, value as JsonObject);
    default:
      return value;
  }
}

function canonicalRecord(fields: readonly Param[], object: JsonObject): JsonObject {
  const record: { [name: string]: JsonValue } = Object.create(null);
  for (const field of fields) {
    const value = memberValue(object, memberOf(field));
    if (value !== undefined) record[field.name] = canonicalValue(field.type, value);
  }
  return record;
}

/**
 * The declared arguments of an admitted request as canonical JSON: what a session keeps to answer `session did`.
 * Absent ones are left out. Only for arguments without faults.
 */
export function canonicalArgs(action: Action, args: JsonObject): string {
  return canonicalJson(canonicalRecord(action.params, args));
}

/**
 * Does an admitted request (`canonicalArgs`) have the arguments that `session did … same` names? `same` is the text in
 * the remainder, an object of the names and canonical values; null asks for nothing.
 */
export function sameHolds(same: string | null, admitted: string): boolean {
  if (same === null) return true;
  const wanted = JSON.parse(same) as JsonValue;
  const had = JSON.parse(admitted) as JsonValue;
  if (!isObject(wanted) || !isObject(had)) return false;
  return Object.keys(wanted).every(
    (name) => Object.hasOwn(had, name) && canonicalJson(had[name] ?? null) === canonicalJson(wanted[name] ?? null),
  );
}
