/** Two schemas that both hold, as one (`allOf`, and what stands beside a `$ref`). */
import { isList, isRecord } from "../read-value.ts";
import type { JsonObject, JsonValue } from "./ast.ts";
import { brief } from "./keywords.ts";
import { note, type Place, type Reading } from "./reading.ts";

/** Where the two can't be made one, the first stands and a note tells the other. */
export function mergeSchemas(first: JsonObject, second: JsonObject, reading: Reading, place: Place): JsonObject {
  const merged: { [keyword: string]: JsonValue } = { ...first };
  for (const [keyword, value] of Object.entries(second)) {
    const before = Object.hasOwn(merged, keyword) ? merged[keyword] : undefined;
    const both = before === undefined ? value : mergeKeyword(keyword, before, value);
    if (both === undefined) note(reading, place, `\`${keyword}\` ${brief(value)} isn't checked`);
    else merged[keyword] = both;
  }
  return merged;
}

/** Undefined where they can't be made one. */
function mergeKeyword(keyword: string, first: JsonValue, second: JsonValue): JsonValue | undefined {
  if (first === second || JSON.stringify(first) === JSON.stringify(second)) return first;
  switch (keyword) {
    case "title":
    case "description":
    case "default":
    case "example":
    case "examples":
    case "$comment":
      return first;
    case "properties":
    case "$defs":
    case "definitions":
      return isRecord(first) && isRecord(second) ? mergeMembers(first, second) : undefined;
    case "required":
      return isList(first) && isList(second) ? [...new Set([...first, ...second])] : undefined;
    case "enum":
      return isList(first) && isList(second) ? first.filter((value) => second.includes(value)) : undefined;
    case "allOf":
      return isList(first) && isList(second) ? [...first, ...second] : undefined;
    case "type":
      return mergeTypes(first, second);
    case "nullable":
      return first === true && second === true;
    case "additionalProperties":
      return first === false || second === false ? false : undefined;
    default:
      return mergeBound(keyword, first, second);
  }
}

/** A member of both must fit both. */
function mergeMembers(first: JsonObject, second: JsonObject): JsonObject {
  const members = Object.entries(second).map(([name, schema]): [string, JsonValue] => {
    const before = Object.hasOwn(first, name) ? first[name] : undefined;
    return [name, before === undefined ? schema : { allOf: [before, schema] }];
  });
  return Object.fromEntries([...Object.entries(first), ...members]);
}

function mergeTypes(first: JsonValue, second: JsonValue): JsonValue | undefined {
  const [left, right] = [isList(first) ? first : [first], isList(second) ? second : [second]];
  const both = left.filter((type) => right.includes(type) || (type === "integer" && right.includes("number")));
  if (left.includes("number") && right.includes("integer")) both.push("integer");
  return both.length === 0 ? undefined : both.length === 1 ? both[0] : both;
}

function mergeBound(keyword: string, first: JsonValue, second: JsonValue): JsonValue | undefined {
  if (typeof first !== "number" || typeof second !== "number") return undefined;
  if (/^(?:min|exclusiveMin)/.test(keyword)) return Math.max(first, second);
  return /^(?:max|exclusiveMax)/.test(keyword) ? Math.min(first, second) : undefined;
}
