/** What `explain` gives: the decision, and every rule and limit that had a word in it, part by part. Plain data. */
import type { Decision } from "../decision.ts";
import type { RuleRef } from "../remainder.ts";
import type { Limit } from "../table.ts";

export type ExplainedTruth = "true" | "false" | "unknown";

export interface Explanation {
  readonly decision: Decision;
  /** Computed, in the order of the templates. */
  readonly resources: readonly string[];
  /** In the order of the table; rules that can't be about the action are left out. */
  readonly rules: readonly ExplainedRule[];
  readonly limits: readonly ExplainedLimit[];
  /** The agents above it, the root first: does each list the action for the one below? */
  readonly callers: readonly ExplainedCaller[];
}

export interface ExplainedCaller {
  readonly agent: string;
  readonly granted: ExplainedTruth;
  /** Facts that were missing, where that is unknown. */
  readonly unknown: readonly string[];
}

/** For whom a rule or limit stands. */
export interface ExplainedStanding {
  /** The caller whose rule it is; null for the agent that acts. */
  readonly agent: string | null;
  /** The role that has to be gained for it to count; null where it always does. */
  readonly role: string | null;
  /** False while that role isn't gained: then it neither grants, restricts nor counts. */
  readonly stands: boolean;
}

export interface ExplainedRule extends ExplainedStanding {
  readonly rule: RuleRef;
  /** Does it grant; does it restrict? Never both false where it took part. A caller's rule never grants. */
  readonly grants: ExplainedTruth;
  readonly restricts: ExplainedTruth;
  /** Its `until` has passed: it decides nothing any more. */
  readonly ended: boolean;
  /** One for each resource, or one with resource null. */
  readonly at: readonly ExplainedResource[];
}

export interface ExplainedLimit extends ExplainedStanding {
  readonly id: string;
  readonly text: string;
  readonly trial: boolean;
  readonly per: Limit["per"];
  /** The approval that admits beyond it; null where it is a cap. */
  readonly via: string | null;
  readonly holds: ExplainedTruth;
  readonly at: readonly ExplainedResource[];
}

export interface ExplainedResource {
  readonly resource: string | null;
  readonly truth: ExplainedTruth;
  readonly parts: readonly ExplainedPart[];
}

/** A part of the formula: what is selected, where, with which exceptions, under which condition. */
export interface ExplainedPart {
  readonly part: "selected" | "on" | "not excepted" | "not excepted on" | "when";
  readonly truth: ExplainedTruth;
  /** Facts that were missing, where the truth is unknown. */
  readonly unknown: readonly string[];
  /** The condition's tree; null for the other parts, whose text the rule shows. */
  readonly condition: ExplainedCondition | null;
}

export interface ExplainedCondition {
  readonly text: string;
  readonly truth: ExplainedTruth;
  /** Facts that were missing, where the truth is unknown. */
  readonly unknown: readonly string[];
  /** The parts of an `and`, `or` or `not`; the body of an `every` or `some` for each element. */
  readonly of: readonly ExplainedCondition[];
}
