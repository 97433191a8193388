/** `prove` blocks with every name bound: what has to hold for every request. */
import type { Span } from "../dsl/index.ts";
import type { Action, Condition, Scope, Tier } from "../engine/index.ts";

export interface ResolvedProof {
  readonly title: string;
  readonly span: Span;
  readonly claims: readonly ResolvedClaim[];
}

export type ResolvedClaim =
  /** No single agent has, for each of these, some request that isn't denied. */
  | { readonly kind: "apart"; readonly span: Span; readonly each: readonly ClaimedAbility[] }
  /** Every decision about these is at least, or at most, as strict as the tier. */
  | {
      readonly kind: "bound";
      readonly span: Span;
      readonly scope: Scope;
      readonly when: Condition | null;
      /** Actions that exist today and that the claim can be about, sorted by name. */
      readonly actions: readonly Action[];
      readonly bound: "at least" | "at most";
      readonly tier: Tier;
      /** Approvals, sorted; empty: any. */
      readonly via: readonly string[];
    };

export interface ClaimedAbility {
  readonly scope: Scope;
  readonly actions: readonly Action[];
  /** As it is written. */
  readonly text: string;
}
