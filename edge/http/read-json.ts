/**
 * Bytes to a JSON value that means one thing only. Two readers of the same bytes must not see two requests, so
 * whatever JSON parsers disagree about is refused: duplicate keys, `__proto__`, lone surrogates, bytes that aren't
 * UTF-8. Numbers that binary floating point can't hold exactly keep their text.
 */
import { parse } from "lossless-json";
import { InexactNumber } from "../../engine/index.ts";
import type { JsonValue } from "../../engine/index.ts";
import { scanJson } from "./scan-json.ts";

export const MAX_DEPTH = 32;

export type ReadJson =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly pointer: string; readonly detail: string };

export function readJson(bytes: Uint8Array): ReadJson {
  const text = decodeUtf8(bytes);
  if (text === null) return refused("", "the body is not UTF-8");
  const fault = scanJson(text, MAX_DEPTH);
  if (fault?.kind === "too_deep") return refused("", `the body is nested deeper than ${fault.limit}`);
  if (fault?.kind === "duplicate_key") return refused("", `the key ${shown(fault.key)} stands twice in one object`);
  const value = parseJson(text);
  if (typeof value === "string") return refused("", value);
  return firstFault(value.value, "") ?? { ok: true, value: value.value };
}

/** A byte order mark is no JSON (RFC 8259, section 8.1), so it is kept and refused by the parser. */
function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The value, or what is wrong with the text. */
function parseJson(text: string): { readonly value: JsonValue } | string {
  try {
    return { value: parse(text, null, { parseNumber: readNumber }) as JsonValue };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const at = /position (\d+)/.exec(error.message);
    return at === null ? "the body is not JSON" : `the body is not JSON, see position ${at[1] ?? "0"}`;
  }
}

/** A double holds 15 significant decimal digits exactly; an exponent and `-0` have no canonical decimal text. */
function readNumber(text: string): number | InexactNumber {
  const digits = text.replace(/[-.]/g, "").replace(/^0+/, "").length;
  const exact = !/[eE]/.test(text) && digits <= 15 && !/^-0(\.0*)?$/.test(text);
  return exact ? Number(text) : new InexactNumber(text);
}

/** Keys and strings anywhere in the value; returns the first that is refused. */
function firstFault(value: JsonValue, pointer: string): ReadJson | null {
  if (typeof value === "string") return value.isWellFormed() ? null : refused(pointer, "a lone surrogate is no text");
  if (value === null || typeof value !== "object" || value instanceof InexactNumber) return null;
  for (const [key, member] of Object.entries(value)) {
    if (!key.isWellFormed()) return refused(pointer, "a key holds a lone surrogate");
    if (key === "__proto__") return refused(pointer, "the key `__proto__` is refused");
    const fault = firstFault(member, `${pointer}/${escapePointer(key)}`);
    if (fault !== null) return fault;
  }
  return null;
}

/** RFC 6901. */
export function escapePointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** A key as it may stand in a message: JSON-quoted and not long. */
function shown(key: string): string {
  return `\`${JSON.stringify(key.slice(0, 64)).slice(1, -1)}\``;
}

function refused(pointer: string, detail: string): ReadJson {
  return { ok: false, pointer, detail };
}
