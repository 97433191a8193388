/** Literals as values that can be ordered. */
import type { Literal } from "../../engine/index.ts";

export type Point = string | number | bigint | boolean;

/** Decimals become scaled big integers, so that `50` and `50.0` are one point. */
export function point(literal: Literal): Point {
  if (literal.type !== "number") return literal.value;
  const [whole = "0", fraction = ""] = literal.value.replace("-", "").split(".");
  const scaled = BigInt(whole + fraction.padEnd(6, "0").slice(0, 6));
  return literal.value.startsWith("-") ? -scaled : scaled;
}
