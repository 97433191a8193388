/** How fast a tree of sessions may tell or look at things beside asking: as fast as it may ask, counted by itself. In memory. */
import { type Attempts, attempt, FLOOD, startAttempts } from "../../limits/attempts.ts";
import type { Refusal } from "../../rpc.ts";

export interface ReportRate {
  /** One more. Null: it is taken. */
  count(now: number): Extract<Refusal, { readonly refused: "flood" }> | null;
}

export function createReportRate(): ReportRate {
  const settings = { ...FLOOD, total: Number.POSITIVE_INFINITY };
  let attempts: Attempts = startAttempts(0);
  return {
    count: (now) => {
      const one = attempt(attempts, settings, now);
      attempts = one.attempts;
      if (one.outcome.kind === "taken") return null;
      return { refused: "flood", retry_after: one.outcome.kind === "flood" ? one.outcome.retry_after : 1 };
    },
  };
}
