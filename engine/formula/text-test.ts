/** `like`, `contains`, `starts with`, `ends with`: tests on texts, exact and case-sensitive. */
import type { Condition } from "../condition.ts";
import { globTest } from "../values/glob.ts";
import { type Formula, known } from "./formula.ts";
import { missingOf, readerOf } from "./operand.ts";
import type { Scope } from "./scope.ts";
import { FALSE, TRUE, UNKNOWN } from "./truth.ts";

type TextCondition = Extract<Condition, { op: "like" | "contains" | "starts_with" | "ends_with" }>;

export function textFormula(condition: TextCondition, scope: Scope): Formula {
  const left = readerOf(condition.left, scope);
  const right = readerOf(condition.right, scope);
  const test = typeof right.constant === "string" ? fixedTest(condition.op, right.constant) : null;
  return known(
    (frame) => {
      const text = left.read(frame);
      const other = right.read(frame);
      if (typeof text !== "string" || typeof other !== "string") return UNKNOWN;
      return (test === null ? fixedTest(condition.op, other)(text) : test(text)) ? TRUE : FALSE;
    },
    (frame) => missingOf([left, right], frame),
  );
}

function fixedTest(op: TextCondition["op"], other: string): (text: string) => boolean {
  switch (op) {
    case "like":
      return globTest(other);
    case "contains":
      return (text) => text.includes(other);
    case "starts_with":
      return (text) => text.startsWith(other);
    case "ends_with":
      return (text) => text.endsWith(other);
  }
}
