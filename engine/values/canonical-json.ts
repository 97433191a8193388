/** RFC 8785: one text for one value, whatever the order of its keys. */
import { InexactNumber, type JsonObject, type JsonValue } from "../request.ts";

export function canonicalJson(value: JsonValue): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (value instanceof InexactNumber) return value.text;
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(",")}}`;
}

/** `Array.isArray` that also narrows a read-only list. */
export function isList(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** A JSON object: neither null, a list nor a number that was kept as text. */
export function isObject(value: JsonValue): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof InexactNumber);
}
