/**
 * Canonical JSON (RFC 8785). By its section 3.2.2 values are written as ECMAScript writes them, so that the text of
 * most data is that of a copy whose names are in order, written at once. What might come out otherwise is left to a
 * library that goes through it piece by piece, which takes too long for all that a decision writes.
 */
import serialize from "canonicalize";

export function canonicalText(value: unknown): string {
  const odd: string[] = [];
  const copy = inOrder(value, odd);
  if (odd.length > 0) return textOfAny(value);
  const text = JSON.stringify(copy) as string | undefined;
  // A surrogate alone, which has no canonical form, or the same six characters as a text of their own.
  return text === undefined || /\\ud[89a-f]/i.test(text) ? textOfAny(value) : text;
}

function textOfAny(value: unknown): string {
  const text = serialize(value);
  if (text === undefined) throw new Error("only what JSON can hold has a canonical text");
  return text;
}

/** @param odd gets what an ordered copy doesn't stand for */
function inOrder(value: unknown, odd: string[]): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) odd.push("number");
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((member) => inOrder(member, odd));
  if (Object.getPrototypeOf(value) !== Object.prototype) odd.push("object");
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value).sort()) {
    // Others may be indexes, which JavaScript puts first, or `__proto__`.
    if (!isLetter(name.charCodeAt(0))) odd.push(name);
    else copy[name] = inOrder((value as Readonly<Record<string, unknown>>)[name], odd);
  }
  return copy;
}

function isLetter(unit: number): boolean {
  return unit >= 0x61 && unit <= 0x7a;
}
