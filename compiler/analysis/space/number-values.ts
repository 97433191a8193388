/** Values of ordered types: at every point that something compares them with, and between any two of them. */
import { formatDecimal, MOST_INTEGER, type ParamType, parseDecimal } from "../../../engine/index.ts";
import type { What } from "./use.ts";
import { isLinked, own, type PathUse, plain, pointsIn, type Values } from "./value.ts";

interface Scale {
  readonly min: bigint;
  readonly max: bigint;
  /** The least difference between two values. */
  readonly step: bigint;
  /** A difference that people write. */
  readonly handy: bigint;
}

const ONE = 1_000_000n;

/** So many whole numbers are taken one by one where something looks at their digits. */
const FEW = 200;

export function intValues(type: Extract<ParamType, { kind: "int" }>, uses: readonly PathUse[]): Values {
  const min = BigInt(type.min ?? -MOST_INTEGER) * ONE;
  const max = BigInt(type.max ?? MOST_INTEGER) * ONE;
  const scale = { min, max, step: ONE, handy: ONE };
  const known = own(uses);
  const looked = known.some(({ kind }) => LOOKS.has(kind));
  if (looked && max - min <= BigInt(FEW) * ONE && !known.some(({ kind }) => kind === "said")) {
    const first = Number(min / ONE);
    const count = Number((max - min) / ONE) + 1;
    return { values: Array.from({ length: count }, (_, at) => plain(first + at)), inexact: null };
  }
  return numbers(uses, scale, (point) => Number(point / ONE));
}

/** Uses that look at how a number is written. */
const LOOKS: ReadonlySet<string> = new Set(["text", "opaque", "detects"]);

const MOST = 999_999_999_999_999_999n;

export function decimalValues(
  { min, max }: { readonly min: bigint | null; readonly max: bigint | null },
  uses: readonly PathUse[],
): Values {
  const scale = { min: min ?? -MOST, max: max ?? MOST, step: 1n, handy: 10_000n };
  return numbers(uses, scale, formatDecimal);
}

const YEAR_9999 = 253_402_300_799_999n;

export function timestampValues(uses: readonly PathUse[]): Values {
  const scale = { min: 0n, max: YEAR_9999, step: 1n, handy: 1000n };
  return numbers(uses, scale, (point) => new Date(Number(point)).toISOString());
}

/** Whole seconds: the language has no shorter ones. */
export function durationValues(uses: readonly PathUse[]): Values {
  const scale = { min: 0n, max: 999_999_999_000n, step: 1000n, handy: 1000n };
  return numbers(uses, scale, (point) => `${point / 1000n}s`);
}

/** A share between 0 and 1, as the agent states it. */
export function shareValues(uses: readonly PathUse[]): Values {
  return numbers(uses, { min: 0n, max: ONE, step: 1n, handy: 10_000n }, (point) => Number(point) / 1_000_000);
}

function numbers(uses: readonly PathUse[], scale: Scale, print: (point: bigint) => string | number): Values {
  const known = own(uses);
  const found = orderedPoints([...pointsIn(known), ...spelled(known)], scale, isLinked(uses) ? 3 : 1);
  const inexact = uses.some(({ path, what }) => path.length > 0 || LOOKS.has(what.kind) || what.kind === "said")
    ? "a comparison"
    : null;
  return { values: found.map((point) => plain(print(point))), inexact };
}

/** Numbers that stand as texts in patterns. */
function spelled(uses: readonly What[]): readonly bigint[] {
  const texts = uses.flatMap((what) => (what.kind === "texts" ? what.texts : []));
  return texts.map(parseDecimal).filter((point) => point !== null);
}

/** Each point, and `each` values in every stretch between two of them. */
export function orderedPoints(points: readonly bigint[], scale: Scale, each: number): readonly bigint[] {
  const { min, max, step } = scale;
  const inside = [...new Set(points)].filter(
    (point) => point >= min && point <= max && (point - alignOf(min, step)) % step === 0n,
  );
  const edges = [...new Set([...points, ...inside])].toSorted((a, b) => (a < b ? -1 : 1));
  const found = new Set<bigint>(inside);
  const bounds = [min - step, ...edges.filter((edge) => edge >= min && edge <= max), max + step];
  for (let at = 0; at + 1 < bounds.length; at++) {
    for (const point of between(bounds[at] as bigint, bounds[at + 1] as bigint, scale, each)) found.add(point);
  }
  const all = [...found].toSorted((a, b) => (a < b ? -1 : 1));
  // A value that people would send stands first: it is the one for requests in which the value doesn't matter.
  const usual = all.find((point) => point > 0n) ?? all.at(-1) ?? min;
  return [usual, ...all.filter((point) => point !== usual)];
}

function alignOf(min: bigint, step: bigint): bigint {
  return ((min % step) + step) % step;
}

/** Up to `each` values strictly between, the handiest first. */
function between(low: bigint, high: bigint, { step, handy, min, max }: Scale, each: number): readonly bigint[] {
  const floor = low - (((low % step) + step) % step);
  // The next value that is written without many digits: 50.01 after 50, 0.01 after 0.009999.
  const round = low - (((low % handy) + handy) % handy) + handy;
  const tries = [
    ...(low < 0n ? [high > 0n ? 0n : high - handy] : []),
    round,
    low + handy,
    high - handy,
    floor + step,
    floor + 2n * step,
    floor + 3n * step,
    low + handy * 2n,
  ];
  const fits = tries.filter(
    (point) => point > low && point < high && point >= min && point <= max && point % step === 0n,
  );
  return [...new Set(fits)].slice(0, each);
}
