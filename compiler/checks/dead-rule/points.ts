/** The literals that conditions compare an operand with: between and at them lie all the cases that can differ. */
import type { Condition, Literal, Operand } from "../../../engine/index.ts";

/** By operand (as JSON): its literals, ascending and without repetition. */
export type Points = ReadonlyMap<string, readonly Point[]>;

export type Point = string | number | bigint | boolean;

export function pointsOf(conditions: readonly Condition[]): Points {
  const found = new Map<string, Set<Point>>();
  for (const condition of conditions) collect(condition, found);
  return new Map([...found].map(([operand, points]) => [operand, [...points].sort(ascending)]));
}

/** An operand against a literal, the operand on the left; null for any other comparison. */
export function oriented(
  condition: Condition & { op: "compare" },
): { readonly operand: Operand; readonly literal: Literal; readonly flipped: boolean } | null {
  const { left, right } = condition;
  if (right.from === "literal" && left.from !== "literal")
    return { operand: left, literal: right.literal, flipped: false };
  if (left.from === "literal" && right.from !== "literal")
    return { operand: right, literal: left.literal, flipped: true };
  return null;
}

/** Decimals become scaled big integers, so that `50` and `50.0` are one point. */
export function point(literal: Literal): Point {
  if (literal.type !== "number") return literal.value;
  const [whole = "0", fraction = ""] = literal.value.replace("-", "").split(".");
  const scaled = BigInt(whole + fraction.padEnd(6, "0").slice(0, 6));
  return literal.value.startsWith("-") ? -scaled : scaled;
}

function collect(condition: Condition, found: Map<string, Set<Point>>): void {
  if (condition.op === "and" || condition.op === "or") for (const part of condition.of) collect(part, found);
  if (condition.op === "not") collect(condition.of, found);
  if (condition.op !== "compare") return;
  const known = oriented(condition);
  if (known === null) return;
  const key = JSON.stringify(known.operand);
  const points = found.get(key) ?? new Set<Point>();
  found.set(key, points.add(point(known.literal)));
}

function ascending(a: Point, b: Point): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
