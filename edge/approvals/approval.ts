/**
 * One approval from the question to its end. Pure: no I/O, no clock.
 *
 * `pending → approved → used`, `pending → denied|expired|cancelled`, `approved → pending` (a vote lost its standing),
 * `approved → expired|cancelled`. Nothing leaves an end.
 */
import { assertNever } from "../assert-never.ts";
import type { ApprovalStatus } from "../rpc.ts";

export interface ApprovalState {
  readonly status: ApprovalStatus;
  /** Until when it must be decided, and, once approved, used. */
  readonly decide_by: number;
  readonly use_by: number | null;
  /** Why it ended, in the words of who ended it. */
  readonly reason: string | null;
}

export type ApprovalStep =
  | { readonly kind: "quorum"; readonly at: number; readonly use_within: number }
  | { readonly kind: "deny"; readonly reason: string | null }
  | { readonly kind: "lose_standing" }
  | { readonly kind: "use" }
  | { readonly kind: "cancel"; readonly reason: string }
  /** Time went by. */
  | { readonly kind: "pass"; readonly at: number };

export function askApproval(decide_by: number): ApprovalState {
  return { status: "pending", decide_by, use_by: null, reason: null };
}

/** The state after the step; the very same object when the step doesn't apply. */
export function stepApproval(state: ApprovalState, step: ApprovalStep): ApprovalState {
  switch (step.kind) {
    case "quorum":
      return state.status === "pending" ? { ...state, status: "approved", use_by: step.at + step.use_within } : state;
    case "deny":
      return state.status === "pending" ? { ...state, status: "denied", reason: step.reason } : state;
    case "lose_standing":
      return state.status === "approved" ? { ...state, status: "pending", use_by: null } : state;
    case "use":
      return state.status === "approved" ? { ...state, status: "used" } : state;
    case "cancel":
      return isLive(state) ? { ...state, status: "cancelled", reason: step.reason } : state;
    case "pass":
      return isLive(state) && step.at >= deadlineOf(state) ? { ...state, status: "expired" } : state;
    default:
      return assertNever(step);
  }
}

/** Can it still lead to an action? */
export function isLive(state: ApprovalState): boolean {
  return state.status === "pending" || state.status === "approved";
}

/** From then on it is over. */
export function deadlineOf(state: ApprovalState): number {
  return state.use_by ?? state.decide_by;
}
