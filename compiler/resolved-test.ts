/** `test` blocks with every name bound: what the test runner plays. */
import type { Span } from "../dsl/index.ts";
import type { JsonObject } from "../engine/index.ts";

/** One `test` block. */
export interface ResolvedTest {
  readonly title: string;
  readonly span: Span;
  readonly agent: string;
  /** Where the agent is named: what can't be opened for it is told there. */
  readonly agentSpan: Span;
  /** Lower-cased address or subject of the human it runs for. */
  readonly requester: string | null;
  /** UTC milliseconds; null without `at`: the clock begins at 2026-01-05T12:00:00Z and review dates don't count. */
  readonly at: number | null;
  readonly task: string | null;
  readonly steps: readonly ResolvedStep[];
}

export type ResolvedStep =
  | { readonly kind: "given"; readonly label: string; readonly span: Span }
  | { readonly kind: "given set"; readonly set: string; readonly members: readonly string[]; readonly span: Span }
  /** Milliseconds by which the clock moves on. */
  | { readonly kind: "after"; readonly duration: number; readonly span: Span }
  | { readonly kind: "return"; readonly span: Span }
  | ResolvedDelegation
  | ResolvedOpening
  | ResolvedBecoming
  | ResolvedCall;

/** What people do with the question that a step raises; null: nothing, so the question is what comes. */
export type Answer = "approved" | "denied" | "expired";

export interface ResolvedDelegation {
  readonly kind: "delegate";
  readonly span: Span;
  readonly agent: string;
  /** Null where it must simply work; the steps up to its `return` are then played in the session that it opens. */
  readonly expectation: ResolvedExpectation | null;
}

/** `session.open`: the agent opens another session, and what follows is played in it. */
export interface ResolvedOpening {
  readonly kind: "open";
  readonly span: Span;
  /** 1 without `repeat`. */
  readonly repeat: number;
  readonly expectation: ResolvedExpectation;
}

export interface ResolvedBecoming {
  readonly kind: "become";
  readonly span: Span;
  readonly answer: Answer | null;
  readonly role: string;
  readonly expectation: ResolvedExpectation;
}

export interface ResolvedCall {
  readonly kind: "call";
  readonly span: Span;
  /** 1 without `repeat`. */
  readonly repeat: number;
  readonly answer: Answer | null;
  /** What it does fails after it was admitted. */
  readonly failed: boolean;
  readonly action: string;
  /** As an agent would send them: a decimal is a string, a date or time an RFC 3339 string, a duration its text. */
  readonly args: JsonObject;
  readonly expectation: ResolvedExpectation;
}

export interface ResolvedExpectation {
  readonly span: Span;
  /** `allow`, `notify`, `ask`, `never`, or one of the engine's reasons. */
  readonly outcome: string;
  /** Sorted; for `ask`: empty means that any approval will do. */
  readonly via: readonly string[];
}

/** Whether a delegation that comes out as expected opens a session for the steps behind it. */
export function entersSession({ expectation }: ResolvedDelegation): boolean {
  return expectation === null || expectation.outcome === "allow";
}
