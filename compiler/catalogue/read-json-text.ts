/** JSON text to a value, or where it stops being JSON. */
import type { JsonValue } from "../../engine/index.ts";
import { findJsonFault } from "./json-fault.ts";

export type ReadText<Value> =
  | { readonly ok: true; readonly value: Value }
  /** `problem` goes behind a file's name. `at` is an offset of the text; null where the fault isn't one of spelling. */
  | { readonly ok: false; readonly problem: string; readonly at: number | null };

/** No schema that a person reviews is so deep, and everything that walks the value may recurse. */
const DEEPEST = 200;

export function readJsonText(text: string): ReadText<JsonValue> {
  const plain = text.startsWith("\ufeff") ? text.slice(1) : text;
  const deep = findDeeper(plain, DEEPEST);
  if (deep !== null) return { ok: false, problem: `is nested more than ${DEEPEST} levels deep`, at: deep };
  try {
    return { ok: true, value: JSON.parse(plain) as JsonValue };
  } catch (error) {
    const fault = findJsonFault(plain);
    if (fault !== null) return { ok: false, problem: fault.problem, at: fault.at + (text.length - plain.length) };
    // The engine refuses what the grammar admits only when it runs out of something, such as its stack.
    return { ok: false, problem: `can't be read: ${error instanceof Error ? error.message : "unknown"}`, at: null };
  }
}

/** Where brackets outside of strings nest deeper; null where they don't. */
function findDeeper(text: string, most: number): number | null {
  let depth = 0;
  for (const { 0: found, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (found === "[" || found === "{") depth++;
    else if (found === "]" || found === "}") depth--;
    if (depth > most) return index;
  }
  return null;
}
