/** A decision in the words that tests use, and whether it is what a test expects. */
import type { Decision } from "../../engine/index.ts";
import type { ResolvedExpectation } from "../program.ts";

/** `allow`, `notify`, `ask via a and b`, `never`, or a reason code: what a test would have to say to be met. */
export function verdictText(decision: Decision): string {
  const outcome = verdict(decision);
  return outcome === "ask" ? askText(decision.approvals) : outcome;
}

/** The expectation as it was written. */
export function expectationText(expectation: ResolvedExpectation): string {
  return expectation.outcome === "ask" ? askText(expectation.via) : expectation.outcome;
}

/**
 * Whether the decision meets the expectation. `ask` without `via` takes any approvals, with it exactly those;
 * `never` is a denial by a `never` rule, so that a test can't pass because nothing was granted.
 */
export function meets(decision: Decision, expectation: ResolvedExpectation): boolean {
  if (expectation.outcome === "rule") return decision.decision === "deny" && decision.reason === "rule";
  if (verdict(decision) !== expectation.outcome) return false;
  return (
    expectation.outcome !== "ask" || expectation.via.length === 0 || sameNames(decision.approvals, expectation.via)
  );
}

function verdict(decision: Decision): string {
  switch (decision.decision) {
    case "allow":
      return decision.tier === "notify" ? "notify" : "allow";
    case "ask":
      return "ask";
    case "deny":
      return decision.reason === "rule" && decision.tier === "never" ? "never" : decision.reason;
  }
}

function askText(via: readonly string[]): string {
  return via.length === 0 ? "ask" : `ask via ${[...via].sort().join(" and ")}`;
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return [...a].sort().join(" ") === [...b].sort().join(" ");
}
