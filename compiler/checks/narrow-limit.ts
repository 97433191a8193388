/** AP4004: a limit per session starts anew with every session. */
import type { Action } from "../../engine/index.ts";
import { SESSION_OPEN } from "../collect/names.ts";
import type { ResolvedBlock, ResolvedLimit } from "../program.ts";
import type { CheckContext } from "./check.ts";

export function checkNarrowLimit({ program, report }: CheckContext): void {
  const every = program.blocks.filter((block) => block.kind === "every");
  for (const block of program.blocks) {
    const wider = [block, ...every].flatMap(widerLimits);
    if (wider.some(countsOpenings)) continue;
    for (const limit of block.limits) {
      if (limit.per !== "session" || limit.trial || isWithin(limit, wider)) continue;
      report.warning("AP4004", {
        span: limit.node.per.span,
        message: "a new session starts this count anew",
        label: "no wider limit beside it",
        help: "add a limit `per agent` over the same actions",
      });
    }
  }
}

function widerLimits(block: ResolvedBlock): readonly ResolvedLimit[] {
  return block.limits.filter((limit) => limit.per !== "session" && !limit.trial);
}

/** Where new sessions are bounded, so is how often a count can start anew. */
function countsOpenings(limit: ResolvedLimit): boolean {
  return limit.actions.some((action) => action.name === SESSION_OPEN);
}

/** Every action that it counts is counted by a wider one too. */
function isWithin(limit: ResolvedLimit, wider: readonly ResolvedLimit[]): boolean {
  const covered = new Set<Action>(wider.flatMap((other) => [...other.actions]));
  return limit.actions.every((action) => covered.has(action));
}
