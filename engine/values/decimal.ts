/**
 * Exact decimals: up to 12 integer and 6 fraction digits, as big integers scaled by 10^6. Nothing is ever rounded:
 * a text or number that isn't exactly such a decimal is refused.
 */

const SCALE = 1_000_000n;

/** Whole numbers have at most 15 digits, as every JSON number has: more of them, and two texts are one double. */
export const MOST_INTEGER = 999_999_999_999_999;

const DECIMAL = /^-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?$/;
const NEGATIVE_ZERO = /^-0(?:\.0*)?$/;

/** Text such as `50`, `50.00` or `-0.5` to an integer scaled by 10^6; null where it isn't a decimal. */
export function parseDecimal(text: string): bigint | null {
  if (!isDecimalText(text)) return null;
  const dot = text.indexOf(".");
  if (dot < 0) return BigInt(text) * SCALE;
  return BigInt(text.slice(0, dot) + text.slice(dot + 1).padEnd(6, "0"));
}

/** Is the text a decimal, without a leading zero or plus, without an exponent, and not `-0`? */
export function isDecimalText(text: string): boolean {
  return text.length <= 20 && DECIMAL.test(text) && !NEGATIVE_ZERO.test(text);
}

/** The canonical text: no trailing zeros, no dot without a fraction. Takes sums of any size. */
export function formatDecimal(scaled: bigint): string {
  const size = scaled < 0n ? -scaled : scaled;
  const fraction = (size % SCALE).toString().padStart(6, "0").replace(/0+$/, "");
  const sign = scaled < 0n ? "-" : "";
  return `${sign}${size / SCALE}${fraction === "" ? "" : `.${fraction}`}`;
}

/**
 * Does the double stand for exactly one decimal? It must have at most 15 significant digits (then decimal and double
 * determine each other), at most 12 of them before the point and 6 after it, and not be `-0`.
 */
export function isDecimalNumber(value: number): boolean {
  if (value === 0) return !Object.is(value, -0);
  // Below 10^9 the division below is correctly rounded from an exact integer, so equality proves the six digits.
  if (value < 1e9 && value > -1e9) return Math.round(value * 1e6) / 1e6 === value;
  if (!(value < 1e12 && value > -1e12)) return false;
  const text = String(value);
  return significantDigits(text) <= 15 && isDecimalText(text);
}

/** A checked decimal or integer argument (`50`, `"50.00"`) scaled by 10^6. Throws for anything else. */
export function scaledOf(value: number | string): bigint {
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value) * SCALE;
  if (typeof value === "number" && Math.abs(value) < 1e9) return BigInt(Math.round(value * 1e6));
  const scaled = parseDecimal(String(value));
  if (scaled === null) throw new Error("a number reached the engine unchecked");
  return scaled;
}

/**
 * Negative, zero or positive, as `left` is less than, equal to or greater than `right`. Doubles of at most 15 digits
 * keep equality and order of the decimals they stand for; only longer texts need big integers.
 */
export function compareNumbers(left: number | string, right: number | string): number {
  const a = asDouble(left);
  const b = asDouble(right);
  if (a !== null && b !== null) return a < b ? -1 : a > b ? 1 : 0;
  const exactLeft = scaledOf(left);
  const exactRight = scaledOf(right);
  return exactLeft < exactRight ? -1 : exactLeft > exactRight ? 1 : 0;
}

/** A number as the cheapest exact form: a double where at most 15 digits allow it, else its text. */
export function compactNumber(text: string): number | string {
  return asDouble(text) ?? text;
}

function asDouble(value: number | string): number | null {
  if (typeof value === "number") return value;
  return value.length <= 15 ? Number(value) : null;
}

function significantDigits(text: string): number {
  return text.replace(/[-.]/g, "").replace(/^0+/, "").length;
}
