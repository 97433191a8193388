/** What is left of a limit, in a few words. */
import type { Decision, ExplainedLimit } from "../../engine/index.ts";
import type { Pen } from "./explain-text.ts";

export function limitState(limit: ExplainedLimit, decision: Decision, pen: Pen): string {
  const status = decision.limits.find((one) => one.id === limit.id);
  // A request that is denied by a rule is held against no limit.
  if (status === undefined) return "counts this, but nothing is spent";
  const left = `${status.remaining} of ${status.limit} left before this`;
  if (!status.over) return left;
  const again = status.resets_at === null ? "" : `, fits again at ${new Date(status.resets_at).toISOString()}`;
  return `${pen.paint("red", "is used up")}: ${left}${again}`;
}
