/** JSON text to a value, without losing what a number looked like. */
import { InexactNumber, type JsonObject, type JsonValue } from "../../engine/index.ts";

export type ReadJson =
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly problem: string };

/** Reads one JSON object. Numbers that the edge would refuse stay {@link InexactNumber}, so that `explain` says so too. */
export function readJson(text: string, what: string): ReadJson {
  let value: unknown;
  try {
    value = JSON.parse(text, reviveNumber as (key: string, value: unknown) => unknown);
  } catch (error) {
    const detail = error instanceof Error ? error.message : "it can't be read";
    return { ok: false, problem: `${what} must be a JSON object, such as '{"to": ["bo@acme.example"]}': ${detail}` };
  }
  if (!isObject(value)) return { ok: false, problem: `${what} must be a JSON object, such as '{"id": "c-1"}'` };
  return { ok: true, value };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof InexactNumber);
}

/** At most 15 significant digits, no exponent, no `-0` (`docs/language.md`, "Types"). */
function reviveNumber(_key: string, value: JsonValue, context?: { readonly source?: string }): JsonValue {
  if (typeof value !== "number" || context?.source === undefined) return value;
  const digits = context.source.replace(/^-/, "").replace(".", "").replace(/^0+/, "");
  const exact = /^-?\d+(\.\d+)?$/.test(context.source) && digits.length <= 15 && !Object.is(value, -0);
  return exact ? value : new InexactNumber(context.source);
}
