/** Digests over canonical JSON (RFC 8785): what permits, approvals and records are bound to. */
import { hash } from "node:crypto";
import { InexactNumber } from "../engine/index.ts";
import type { JsonValue } from "../engine/index.ts";
import { canonicalText } from "./canonical-text.ts";

/**
 * Canonical JSON of a request's values exactly as given. A number whose text a double can't hold is written as the
 * double that every JSON reader makes of it (RFC 8785, section 3.2.2.3), since whoever executes reads it so. One beyond
 * every double has no canonical form and stands as its text: such arguments are never admitted (`beyondDoubles`).
 */
export function canonicalJson(value: JsonValue): string {
  return canonicalText(asDoubles(value));
}

function asDoubles(value: JsonValue): unknown {
  if (value instanceof InexactNumber) return isBeyondDoubles(value) ? value.text : Number(value.text);
  if (Array.isArray(value)) return value.map((member) => asDoubles(member as JsonValue));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asDoubles(member)]));
}

function isBeyondDoubles(number: InexactNumber): boolean {
  return !Number.isFinite(Number(number.text));
}

/** Whether a number like `1e999` stands anywhere in the value: whoever executes can't read it as what it says. */
export function beyondDoubles(value: JsonValue): boolean {
  if (value instanceof InexactNumber) return isBeyondDoubles(value);
  if (value === null || typeof value !== "object") return false;
  return Object.values(value).some((member: JsonValue) => beyondDoubles(member));
}

/** Whether a number stands anywhere in the value that a JSON reader takes for another than it says, or may. */
export function holdsInexact(value: JsonValue): boolean {
  if (value instanceof InexactNumber) return true;
  if (value === null || typeof value !== "object") return false;
  return Object.values(value).some((member: JsonValue) => holdsInexact(member));
}

/** 64 hex digits, over the UTF-8 bytes. */
export function sha256Hex(text: string): string {
  return hash("sha256", text, "hex");
}

export function sha256Base64url(text: string): string {
  return hash("sha256", text, "base64url");
}
