/** One thing that became another, old and new, on one line. */
import { quote } from "../../dsl/index.ts";
import { visibleLine } from "./comment-lines.ts";

const BEFORE = 20;
const WIDEST = 70;

/** `kind: enum("a") → enum("a", "b")`: types whole, since any word of them may be the one that matters. */
export function typeChange(name: string, before: string, after: string): string {
  return visibleLine(`${name}: ${before} → ${after}`);
}

/** Long texts from shortly before the first difference on. */
export function textChange(what: string, before: string, after: string): string {
  const [left, right] = [visibleLine(before), visibleLine(after)];
  let same = 0;
  while (same < left.length && left[same] === right[same]) same++;
  const from = Math.max(left.length, right.length) <= WIDEST ? 0 : Math.max(0, same - BEFORE);
  return `${what}: ${shown(left, from)} → ${shown(right, from)}`;
}

function shown(text: string, from: number): string {
  if (text === "") return "nothing";
  const cut = text.slice(from, from + WIDEST);
  return `${from > 0 ? "…" : ""}${quote(cut)}${from + WIDEST < text.length ? "…" : ""}`;
}
