/** What looks like a test of a text and asks a detector. */
import type { Expression } from "../ast.ts";

const detectors = new Set(["secrets", "card_numbers", "canaries"]);

/** `args contain secrets`, `args.body contains canaries`: the bare name of a detector, and not a set of that name. */
export function detection(
  operator: string,
  left: Expression,
  right: Expression,
  span: Expression["span"],
): Expression | null {
  if (operator !== "contains" || left.kind !== "Path" || right.kind !== "Path" || right.segments.length !== 1)
    return null;
  const detector = right.segments[0];
  if (detector === undefined || !detectors.has(detector.value)) return null;
  const whole = left.segments.length === 1 && left.segments[0]?.value === "args";
  return { kind: "Detects", of: whole ? null : left, detector, span };
}
