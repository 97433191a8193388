/** What running a policy's tests gives back: data, for whichever way of printing. */
import type { Diagnostic, Span } from "../../dsl/index.ts";
import type { Decision, JsonObject, Tier } from "../../engine/index.ts";
import type { Place } from "../place-of.ts";

export interface TestRun {
  readonly policy: string;
  readonly tests: readonly TestResult[];
  readonly passed: number;
  readonly failed: number;
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
  readonly action: string;
  readonly args: JsonObject;
  /** Which of the calls of a `repeat` failed first, from 1, of how many. */
  readonly call: { readonly number: number; readonly of: number };
  /** As a test would write it: `ask via lead_review`. */
  readonly expected: string;
  readonly got: string;
  readonly decision: Decision;
  readonly why: readonly Why[];
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
}
