/** What differs between two policies: what requests come to, and what stands around the decisions. */
import type { Fate } from "../space/effect.ts";

export interface PolicyDiff {
  readonly before: PolicyName;
  readonly after: PolicyName;
  /** Most dangerous first. */
  readonly requests: readonly RequestChange[];
  /** What couldn't be decided. */
  readonly doubts: readonly Doubt[];
  /** Changes beside the decisions, what loosens first. */
  readonly settings: readonly SettingChange[];
  /** What changed its name only, and what follows from it. */
  readonly notes: readonly string[];
  readonly matrix: DiffMatrix;
  /** Is something looser, or may it be? */
  readonly looser: boolean;
}

export interface PolicyName {
  readonly policy: string;
  readonly hash: string;
}

export type Direction = "looser" | "stricter";

export interface RequestChange {
  readonly kind: "newly allowed" | "less strict" | "newly denied" | "stricter";
  readonly direction: Direction;
  /** Names of all agents for which it is so; the example is the first one's. */
  readonly agents: readonly string[];
  readonly action: string;
  readonly classes: readonly string[];
  readonly before: Fate;
  readonly after: Fate;
  /** What is asked for less, where the tier is the same. */
  readonly because: readonly string[];
  readonly example: Example;
}

/** One request that shows it. */
export interface Example {
  /** A `test` block that passes under the new policy; null where a test can't state it. */
  readonly test: string | null;
  /** Arguments of `agentpolicy explain`; null where they can't state it. */
  readonly explain: string | null;
  readonly request: object;
  /** What the session knows, besides the request. */
  readonly session: object;
}

export interface Doubt {
  /** What there may be besides what is shown: `looser` counts as looser. */
  readonly direction: Direction;
  readonly agents: readonly string[];
  readonly action: string;
  readonly why: string;
  /** Rules of one of the policies that the other doesn't have, as they are written. */
  readonly rules: readonly string[];
}

export interface SettingChange {
  readonly direction: Direction;
  /** `agent sales_bot`, `approval lead_review`, `limit …`. */
  readonly what: string;
  readonly change: string;
  /** Names of the agents that it is about; empty where it isn't about single ones. */
  readonly agents: readonly string[];
  /** Names of the actions that a limit is about; empty for everything else. */
  readonly actions: readonly string[];
}

export type Mark = "▲" | "▲~" | "▼" | "▲▼" | "~" | "▼~" | "·";

export interface DiffMatrix {
  readonly agents: readonly string[];
  readonly actions: readonly string[];
  /** By agent, then by action. */
  readonly marks: readonly (readonly Mark[])[];
}
