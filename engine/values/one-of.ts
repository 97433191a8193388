/** Membership in fixed values: the first few are scanned, which is faster than hashing, the others are a set. */
import type { JsonValue } from "../request.ts";

const SCANNED = 8;

export function oneOfTest(values: readonly JsonValue[]): (value: JsonValue) => boolean {
  const first = values.slice(0, SCANNED);
  const others = values.length > SCANNED ? new Set(values.slice(SCANNED)) : null;
  return (value) => {
    for (let at = 0; at < first.length; at++) if (first[at] === value) return true;
    return others !== null && others.has(value);
  };
}
