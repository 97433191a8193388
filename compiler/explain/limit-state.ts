/** What is left of the limits of an explanation, in a few words. */
import type { Decision, ExplainedLimit, Explanation, LimitStatus } from "../../engine/index.ts";

export interface CountedLimit {
  readonly limit: ExplainedLimit;
  /** Null where the request is held against no limit, or this one doesn't count it. */
  readonly status: LimitStatus | null;
}

/**
 * Each limit with its count. A decision lists statuses in the order of the chain, one for each count: a limit of two
 * agents that share a count, such as one per session, is shown for the first of them alone.
 */
export function countedLimits({ limits, decision }: Explanation): readonly CountedLimit[] {
  const left = [...decision.limits];
  return limits.flatMap((limit): readonly CountedLimit[] => {
    if (limit.holds === "false" || limit.trial) return [{ limit, status: null }];
    const at = left.findIndex(({ id }) => id === limit.id);
    if (at >= 0) return [{ limit, status: left.splice(at, 1)[0] ?? null }];
    const isShown = decision.limits.some(({ id }) => id === limit.id);
    return isShown ? [] : [{ limit, status: null }];
  });
}

/** Whether the request is denied because of this limit. */
export function isCulprit({ limit, status }: CountedLimit, { reason }: Decision): boolean {
  if (limit.holds === "false" || limit.trial) return false;
  if (reason === "requester_missing") return limit.per === "requester";
  return reason === "limit_exceeded" && limit.via === null && status?.over === true;
}

export function limitState({ limit, status }: CountedLimit, { reason }: Decision): string {
  if (reason === "requester_missing" && limit.per === "requester") return "counts for each person, and there is none";

  // A request that is denied by a rule is held against no limit.
  if (status === null) return "counts this, but nothing is spent";
  const left = `${status.remaining} of ${status.limit} left before this`;
  if (!status.over) return left;
  if (status.too_large !== null) return `never fits: ${status.too_large} is more than the limit ever admits`;
  const again = status.resets_at === null ? "" : `, fits again at ${new Date(status.resets_at).toISOString()}`;
  return `is used up: ${left}${again}`;
}
