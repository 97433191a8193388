/** What kind of JSON value one has. */
import { InexactNumber, type JsonObject, type JsonValue } from "../../engine/index.ts";

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function isRecord(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !isList(value) && !(value instanceof InexactNumber);
}

/** The member's own text; null where it is no text. */
export function textIn(value: JsonObject, name: string): string | null {
  const member = memberIn(value, name);
  return typeof member === "string" ? member : null;
}

/** An own member: objects inherit others. */
export function memberIn(value: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
