/** Members of what was read from JSON. A record of another shape than expected reads as if it lacked them. */
import { type JsonObject, type JsonValue } from "../../engine/index.ts";

export function textOf(fields: JsonObject, name: string): string | null {
  const value = fields[name];
  return typeof value === "string" ? value : null;
}

/** Texts of a list; others in it are left out. */
export function textsOf(fields: JsonObject, name: string): readonly string[] {
  return listOf(fields, name).filter((item) => typeof item === "string");
}

/** Objects of a list; others in it are left out. */
export function objectsOf(fields: JsonObject, name: string): readonly JsonObject[] {
  return listOf(fields, name).filter(isFields);
}

export function objectOf(fields: JsonObject, name: string): JsonObject | null {
  const value = fields[name];
  return value !== undefined && isFields(value) ? value : null;
}

export function isFields(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(fields: JsonObject, name: string): readonly JsonValue[] {
  const value = fields[name];
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}
