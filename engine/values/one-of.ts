/** Membership in fixed values: a few are scanned, which is faster than hashing, more are a set. */
import type { JsonValue } from "../request.ts";

const FEW = 5;

export function oneOfTest(values: readonly JsonValue[]): (value: JsonValue) => boolean {
  const set = values.length > FEW ? new Set(values) : null;
  return (value) => {
    if (set !== null) return set.has(value);
    for (let at = 0; at < values.length; at++) if (values[at] === value) return true;
    return false;
  };
}
