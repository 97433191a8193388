/** What can come of a request, as the cells of the matrix tell it. */
import type { Tier } from "../../engine/index.ts";
import { compareText } from "../sorted-set.ts";

/** `none`: no rule grants. */
export type OutcomeTier = Tier | "none";

export interface Outcome {
  readonly tier: OutcomeTier;
  /** Approvals needed together, sorted; empty but for `ask`. */
  readonly via: readonly string[];
}

/** An outcome that a request has. */
export interface CellOutcome extends Outcome {
  /** Id of such a request among the matrix's examples. */
  readonly example: string;
}

/** Loosest first; `none` last, as what is left when nothing grants. */
export const TIERS: readonly OutcomeTier[] = ["allow", "notify", "ask", "never", "none"];

/** Whether some request with these outcomes can be carried out; what never is, no limit counts. */
export function canBeAdmitted(outcomes: readonly Outcome[]): boolean {
  return outcomes.some(({ tier }) => tier !== "never" && tier !== "none");
}

/** `ask a+b`: two outcomes with one key are the same. */
export function outcomeKey({ tier, via }: Outcome): string {
  return `${TIERS.indexOf(tier)} ${via.join(",")}`;
}

/** Each once, the first of its kind, loosest first. */
export function distinct<One extends Outcome>(outcomes: readonly One[]): readonly One[] {
  const byKey = new Map(outcomes.toReversed().map((outcome) => [outcomeKey(outcome), outcome]));
  return [...byKey].sort(([a], [b]) => compareText(a, b)).map(([, outcome]) => outcome);
}
