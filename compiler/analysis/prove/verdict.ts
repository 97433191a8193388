/** What came of a claim. */
import type { Effort } from "../space/cell.ts";
import type { Question } from "../space/question.ts";

export type Verdict =
  /** `meant`: is there any request that it is about? */
  | { readonly kind: "holds"; readonly meant: boolean }
  /** Each question is a request that breaks it; several where it takes several. */
  | { readonly kind: "broken"; readonly agent: string; readonly questions: readonly Question[] }
  | { readonly kind: "unknown"; readonly agent: string; readonly action: string; readonly why: string };

export const HOLDS: Verdict = { kind: "holds", meant: true };
export const VACUOUS: Verdict = { kind: "holds", meant: false };

/** More cells than these aren't looked at for one claim. */
export const MOST_CELLS = 20_000;

/** What all proofs of one policy may look at together, in rows. */
export const PROOFS_EFFORT = 15_000_000;

/** A policy is past deciding where its proofs together take more than this. */
export const SPENT = "all proofs together take too much looking";

export interface ProofPlace {
  readonly from: number | undefined;
  /** What is left for the proofs that are still to be decided. */
  readonly effort: Effort;
}
