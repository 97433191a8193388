/** What `decide` says. */
import type { Denial, Fault, LimitRow, RuleRef } from "./remainder.ts";

export type { Denial, Fault };

/** The one list of reasons; `docs/http-api.md` explains each. */
export const REASONS = [
  "rule",
  "no_rule",
  "unknown_fact",
  "killed",
  "frozen",
  "session_expired",
  "review_overdue",
  "unknown_action",
  "unknown_agent",
  "not_delegated",
  "invalid_argument",
  "resource_mismatch",
  "tool_changed",
  "canary",
  "limit_exceeded",
  "approval_denied",
  "approval_expired",
  "approval_mismatch",
  "approval_used",
  "approval_backlog",
  "requester_missing",
  "too_large_to_review",
  "overloaded",
  "internal",
] as const;

export type Reason = (typeof REASONS)[number];

export interface Decision {
  readonly decision: "allow" | "ask" | "deny";
  /** The strictest tier that took part; `allow` for an `ask` whose approvals are all given is still `ask`. */
  readonly tier: "allow" | "notify" | "ask" | "never";
  readonly reason: Reason;
  readonly message: string;
  readonly faults: readonly Fault[];
  /** The rules that made the outcome: for tier `allow` some that grant, else all that took part of the strictest tier. */
  readonly rules: readonly RuleRef[];
  /** Names of every approval that the request needs, sorted; given ones too. */
  readonly approvals: readonly string[];
  /** Channels to tell when it is admitted, sorted. */
  readonly notify: readonly string[];
  /** Limits to spend when it is admitted; empty unless `allow`. */
  readonly spends: readonly Spend[];
  /** Every limit that concerns the request, with what is left before it. */
  readonly limits: readonly LimitStatus[];
  /** Labels to add and to clear when it is admitted; empty unless `allow`. */
  readonly adds: readonly string[];
  readonly clears: readonly string[];
  /** Facts whose absence kept a grant away or made a restriction hold, sorted. */
  readonly unknown: readonly string[];
  /** Rehearsals: what trial rules and limits would have done. */
  readonly trials: readonly RuleRef[];
}

export interface Spend {
  readonly limit: LimitRow;
  /** True when an approval admits it beyond N: it is counted all the same. */
  readonly beyond: boolean;
}

export interface LimitStatus {
  readonly id: string;
  /** Whose, as in its row: below another session each agent of the chain may have the same one. */
  readonly agent: LimitRow["agent"];
  readonly per: LimitRow["per"];
  /** Decimal strings. */
  readonly limit: string;
  readonly remaining: string;
  /** UTC milliseconds when a request of this amount is admitted again; null: not in this session, never, or not over. */
  readonly resets_at: number | null;
  /** What the request counts for, where that alone is more than the limit, so that no waiting helps; else null. */
  readonly too_large: string | null;
  readonly over: boolean;
}
