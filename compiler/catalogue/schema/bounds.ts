/** Bounds of a JSON Schema as the language writes them: exact decimals, never looser than stated where they can be held. */
import { MOST_INTEGER } from "../../../engine/index.ts";
import { memberIn } from "../read-value.ts";
import type { JsonObject, Setting } from "./ast.ts";
import { note, type Place, type Reading } from "./reading.ts";

/** Beyond 12 digits before the point a literal can't be written; beyond 15 an `int` can't be sent. */
const WRITABLE = 1e12;
const DIGITS = 6;

/** `min` and `max` of a number. Null: no value fits, or the bound can't be written. */
export function numberBounds(
  schema: JsonObject,
  whole: boolean,
  reading: Reading,
  place: Place,
): readonly Setting[] | null {
  const low = edgeOf(schema, { inclusive: "minimum", exclusive: "exclusiveMinimum" }, whole, Math.max);
  const high = edgeOf(schema, { inclusive: "maximum", exclusive: "exclusiveMaximum" }, whole, Math.min);
  const least = whole ? MOST_INTEGER + 1 : WRITABLE;
  if (low !== null && high !== null && low > high) return null;
  if ((low !== null && low >= least) || (high !== null && high <= -least)) return null;
  const settings: Setting[] = [];
  for (const [name, edge, words] of [
    ["min", low, "at least"],
    ["max", high, "at most"],
  ] as const) {
    if (edge === null || Math.abs(edge) >= least) continue;
    if (Math.abs(edge) >= WRITABLE) note(reading, place, `${words} ${edge} isn't checked`);
    else settings.push([name, { number: decimalText(edge) }]);
  }
  return settings;
}

/** The bound that a value may still have: the next one inside where it is exclusive or finer than the type. */
function edgeOf(
  schema: JsonObject,
  names: { readonly inclusive: string; readonly exclusive: string },
  whole: boolean,
  stricter: (...of: number[]) => number,
): number | null {
  const [plain, exclusive] = [memberIn(schema, names.inclusive), memberIn(schema, names.exclusive)];
  const inward = stricter === Math.max ? 1 : -1;
  const edges: number[] = [];
  // Before draft 6, and in OpenAPI 3.0, the exclusive bound is a remark on the other one.
  if (typeof plain === "number") edges.push(settle(plain, exclusive === true, whole, inward));
  if (typeof exclusive === "number") edges.push(settle(exclusive, true, whole, inward));
  return edges.length === 0 ? null : stricter(...edges);
}

function settle(value: number, exclusive: boolean, whole: boolean, inward: 1 | -1): number {
  if (!Number.isFinite(value) || Math.abs(value) >= WRITABLE) return value;
  const digits = whole ? 0 : DIGITS;
  const near = Number(value.toFixed(digits));
  const within = inward === 1 ? near > value : near < value;
  const step = within || (near === value && !exclusive) ? 0 : inward * 10 ** -digits;
  return Number((near + step).toFixed(digits));
}

function decimalText(value: number): string {
  return value
    .toFixed(DIGITS)
    .replace(/\.?0+$/, "")
    .replace(/^-0$/, "0");
}

/** Lengths: `min` and `max` where they say something. Null: no length fits. */
export function countBounds(
  schema: JsonObject,
  names: readonly [min: string, max: string],
): readonly [number, number | null] | null {
  const [min, max] = [countIn(schema, names[0]) ?? 0, countIn(schema, names[1])];
  return max !== null && min > max ? null : [min, max];
}

function countIn(schema: JsonObject, name: string): number | null {
  const count = memberIn(schema, name);
  return typeof count === "number" && Number.isInteger(count) && count >= 0 && count < WRITABLE ? count : null;
}
