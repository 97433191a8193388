/** The parts of a rule's formula, each condition down to its atoms, with their truths. */
import type { ExplainedCondition, ExplainedPart, ExplainedResource } from "../../engine/index.ts";
import { printable } from "../terminal/printable.ts";
import { wrap } from "../terminal/wrap.ts";
import { mark, type Pen } from "./explain-text.ts";

/** Lines for one resource after the other; the resource is named where there are several. */
export function truthTree(at: readonly ExplainedResource[], pen: Pen): readonly string[] {
  return at.flatMap(({ resource, parts }) => {
    const several = at.length > 1 && resource !== null;
    const head = several ? [`      ${pen.paint("dim", "for")} ${printable(resource)}`] : [];
    return [...head, ...parts.filter(tells).flatMap((part) => partLines(part, several ? 8 : 6, pen))];
  });
}

/** That the rule is about the action goes without saying where it is true. */
function tells(part: ExplainedPart): boolean {
  return part.part !== "selected" || part.truth !== "true";
}

function partLines(part: ExplainedPart, by: number, pen: Pen): readonly string[] {
  if (part.condition !== null) return conditionLines(part.condition, by, pen);
  const why = part.unknown.length === 0 ? "" : ` (${printable(part.unknown.join(", "))} unknown)`;
  return [`${" ".repeat(by)}${mark(part.truth, pen.paint)} ${PARTS[part.part]}${why}`];
}

const PARTS: { readonly [part in ExplainedPart["part"]]: string } = {
  selected: "is about this action",
  on: "matches the resource",
  "not excepted": "the action isn't excepted",
  "not excepted on": "the resource isn't excepted",
  when: "the condition holds",
};

function conditionLines(condition: ExplainedCondition, by: number, pen: Pen): readonly string[] {
  const unknown = condition.of.length === 0 ? condition.unknown : [];
  const why = unknown.length === 0 ? "" : ` (${unknown.join(", ")} unknown)`;
  const lines = wrap(printable(condition.text + why), Math.max(20, pen.width - by - 2));
  const first = `${" ".repeat(by)}${mark(condition.truth, pen.paint)} ${lines[0] ?? ""}`;
  const more = lines.slice(1).map((line) => `${" ".repeat(by + 4)}${line}`);
  return [first, ...more, ...condition.of.flatMap((part) => conditionLines(part, by + 2, pen))];
}
