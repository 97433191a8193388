/** What a request spends of a limit, and under which key. */
import { canonicalValue } from "../arguments/canonical-args.ts";
import type { Frame } from "../formula/frame.ts";
import { readerOf } from "../formula/operand.ts";
import type { Scope } from "../formula/scope.ts";
import { canonicalJson } from "../values/canonical-json.ts";
import { scaledOf } from "../values/decimal.ts";

export type AmountRead = (frame: Frame) => bigint;
export type KeyRead = (frame: Frame) => string;

/** One action, scaled like every amount by 10^6. */
export const ONE = 1_000_000n;

/**
 * The summed argument. The compiler admits only required, non-negative ones; a negative one would buy budget back, so
 * it counts as nothing, and an absent one is our bug.
 */
export function amountReader(path: readonly string[], scope: Scope): AmountRead {
  const { read, fact } = readerOf({ from: "args", path }, scope);
  return (frame) => {
    const value = read(frame);
    if (typeof value !== "number" && typeof value !== "string")
      throw new Error(`a limit sums \`${fact}\`, which is absent`);
    const scaled = scaledOf(value);
    return scaled < 0n ? 0n : scaled;
  };
}

/** Canonical JSON of the values, so that another spelling is no other budget; an absent one is null. */
export function keyReader(paths: readonly (readonly string[])[], scope: Scope): KeyRead {
  const readers = paths.map((path) => readerOf({ from: "args", path }, scope));
  return (frame) =>
    canonicalJson(
      readers.map(({ read, type }) => {
        const value = read(frame);
        return value === undefined || type === null ? null : canonicalValue(type, value);
      }),
    );
}
