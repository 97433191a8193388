/** What would change under another policy, as data. Times are RFC 3339 in UTC. */
import type { Outcome } from "./recorded-decision.ts";

export interface WhatIfReport {
  /** Hash of the table that was tried. */
  readonly policy: string;
  readonly span: Span;
  /** Requests that were decided again, and of those the ones that come to the same. */
  readonly decided: number;
  readonly same: number;
  /** Agent by agent, what is denied first. */
  readonly changes: readonly Change[];
  /** Denied before any rule, by a kill switch or the end of the session: no policy changes that. */
  readonly stopped: readonly Counted[];
  /** What couldn't be decided, by why. */
  readonly undecided: readonly (Counted & { readonly example: RecordRef })[];
  /** Texts of limits that no record counted: they were counted over these logs alone. */
  readonly counted_here: readonly string[];
  /** What no record tells, so that none of it is decided again. */
  readonly not_recorded: readonly string[];
}

export interface Span {
  readonly logs: number;
  readonly records: number;
  /** Null where there is no record. */
  readonly from: string | null;
  readonly to: string | null;
  /** Lines that are no records. */
  readonly unreadable: number;
}

export interface Counted {
  readonly why: string;
  readonly count: number;
}

export interface Change {
  readonly kind: "denied" | "asked" | "allowed";
  readonly was: Outcome;
  readonly agent: string;
  /** `session.open` is the opening itself, `become ROLE` asking for a role. */
  readonly action: string;
  readonly count: number;
  /** Why it would be so, of the example. */
  readonly reason: string;
  readonly message: string;
  /** Of the rules that would decide the example. */
  readonly rules: readonly string[];
  readonly example: RecordRef;
}

/** The first of its kind. */
export interface RecordRef {
  readonly session: string;
  readonly seq: number;
  readonly at: string;
}
