/** How a request fares, in the words of the analysis, while no limit is used up. */
import type { Fate } from "../../compiler/index.ts";
import { decide, match, type Policy, type Request, type State } from "../../engine/index.ts";

/** Null for what is denied before any rule because of how it is written or when it comes. */
export function realFate(policy: Policy, request: Request, state: State): Fate | null {
  const rest = match(policy, request);
  if (rest.denied !== null && rest.denied.reason !== "requester_missing") return null;
  const fresh: State = { ...state, used: () => ({ used: 0n, admits_at: null }), approved: () => false };
  const { decision, tier, approvals, notify } = decide(rest, fresh);
  if (decision === "deny") return { tier: "deny", via: [], to: [] };
  if (decision === "ask") return { tier: "ask", via: approvals, to: notify };
  return { tier: tier === "notify" ? "notify" : "allow", via: [], to: notify };
}

export function fateText({ tier, via, to }: Fate): string {
  return [tier, ...via, ...to].join(" ");
}
