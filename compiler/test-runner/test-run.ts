/** What running a policy's tests gives back: data, for whichever way of printing. */
import type { Diagnostic, Span } from "../../dsl/index.ts";
import type { Decision, JsonObject, Tier } from "../../engine/index.ts";
import type { Place } from "../place-of.ts";

export interface TestRun {
  readonly policy: string;
  readonly tests: readonly TestResult[];
  readonly passed: number;
  readonly failed: number;
  /** How many claims of `prove` blocks hold for every request. */
  readonly proved: number;
  /** Null unless it was asked for. */
  readonly coverage: Coverage | null;
}

export interface TestResult {
  readonly title: string;
  readonly agent: string;
  readonly span: Span;
  /** Where the test begins. */
  readonly place: Place;
  readonly passed: boolean;
  /** How many calls were decided. */
  readonly calls: number;
  /** In the order of the steps; a test goes on after a failure. */
  readonly failures: readonly TestFailure[];
}

export interface TestFailure {
  /** The expectation that wasn't met. */
  readonly span: Span;
  readonly place: Place;
  /** The action that was called, or what else the step does: `become approver`. */
  readonly action: string;
  readonly args: JsonObject;
  /** The agents of the chain, the root first; the last one acts. */
  readonly chain: readonly string[];
  /** Which of the calls of a `repeat` failed first, from 1, of how many. */
  readonly call: { readonly number: number; readonly of: number };
  /** As a test would write it: `ask via lead_review`. */
  readonly expected: string;
  readonly got: string;
  readonly decision: Decision;
  readonly why: readonly Why[];
  /** What to do. */
  readonly help: string;
  /** Steps behind it that couldn't be played, since it opened no session for them. */
  readonly unplayed: number;
  /** Ready for a code frame. */
  readonly diagnostic: Diagnostic;
}

/** One reason for what came. */
export type Why =
  | {
      readonly kind: "rule";
      readonly tier: Tier;
      readonly block: string;
      readonly text: string;
      readonly place: Place | null;
    }
  | { readonly kind: "unknown"; readonly fact: string }
  | { readonly kind: "limit"; readonly text: string; readonly block: string; readonly place: Place | null }
  | { readonly kind: "fault"; readonly pointer: string; readonly detail: string }
  | { readonly kind: "message"; readonly message: string };

export interface Coverage {
  readonly rules: number;
  /** Rules that made the outcome of no call, in the order of their places. */
  readonly never_decided: readonly UncoveredRule[];
}

export interface UncoveredRule {
  readonly id: string;
  readonly block: string;
  readonly text: string;
  readonly place: Place | null;
  readonly nearest: Nearest;
}

/** The test that comes closest to making a rule decide, and what keeps it away. */
export type Nearest =
  /** A call that the rule is about. */
  | {
      readonly kind: "call";
      readonly test: string;
      /** Of the call. */
      readonly place: Place;
      readonly action: string;
      readonly misses: readonly Miss[];
    }
  /** A test runs an agent that has the rule, but calls nothing that the rule is about. */
  | { readonly kind: "agent"; readonly test: string; readonly place: Place; readonly agent: string }
  /** No test runs an agent that has the rule; these have it. */
  | { readonly kind: "none"; readonly agents: readonly string[] };

export interface Miss {
  /** The part of the rule: a condition, `on`, an exception; or what decided instead of it. */
  readonly part: string;
  /** What it was. */
  readonly was: "false" | "true" | "unknown" | "outdone";
  /** Facts that were missing, where it was unknown. */
  readonly unknown: readonly string[];
}
