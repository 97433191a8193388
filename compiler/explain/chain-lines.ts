/** The agents above the one that acts, each with whether it may have this done below it. */
import type { ExplainedCaller } from "../../engine/index.ts";
import { printable } from "../terminal/printable.ts";
import { wrap } from "../terminal/wrap.ts";
import { mark, type Pen } from "./explain-text.ts";

/** `✓ planner may have it done by writer`, the root first. */
export function chainLines(callers: readonly ExplainedCaller[], acting: string, pen: Pen): readonly string[] {
  return callers.flatMap(({ agent, granted, unknown }, at) => {
    const next = callers[at + 1]?.agent ?? acting;
    const may = granted === "true" ? "may" : granted === "false" ? "may not" : "may perhaps";
    const why = unknown.length === 0 ? "" : ` (${unknown.join(", ")} unknown)`;
    const [first = "", ...more] = wrap(printable(`${agent} ${may} have it done by ${next}${why}`), pen.width - 4);
    return [`  ${mark(granted, pen.paint)} ${first}`, ...more.map((line) => `      ${line}`)];
  });
}
