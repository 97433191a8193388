/** Formulas as data, folded as far as they go: what `match` sends to the session. */
import type { Pending, Rest, Unknown } from "../remainder.ts";

export function unknown(facts: readonly string[]): Unknown {
  return { op: "unknown", facts: [...new Set(facts)].sort() };
}

export function isUnknown(rest: Rest): rest is Unknown {
  return typeof rest === "object" && rest.op === "unknown";
}

export function restOfAll(parts: readonly Rest[]): Rest {
  return join("and", true, parts);
}

export function restOfAny(parts: readonly Rest[]): Rest {
  return join("or", false, parts);
}

/** `not unknown` is unknown, for the same facts. */
export function restOfNot(part: Rest): Rest {
  if (typeof part === "boolean") return !part;
  return isUnknown(part) ? part : { op: "not", of: part };
}

/** `neutral` drops out, its opposite decides; several unknowns are one that names all their facts. */
function join(op: "and" | "or", neutral: boolean, parts: readonly Rest[]): Rest {
  const facts: string[] = [];
  const pending: Pending[] = [];
  for (const part of parts) {
    if (part === !neutral) return part;
    if (typeof part === "boolean") continue;
    if (part.op === "unknown") facts.push(...part.facts);
    else pending.push(part);
  }
  if (facts.length === 0 && pending.length === 0) return neutral;
  if (pending.length === 0) return unknown(facts);
  if (facts.length === 0 && pending.length === 1) return pending[0] as Pending;
  return { op, of: facts.length === 0 ? pending : [...pending, unknown(facts)] };
}
