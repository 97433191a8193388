/** One agent and one action: what can come of it, and the rules and limits behind it. */
import type { JsonObject } from "../../engine/index.ts";
import type { CellOutcome, Outcome } from "./outcome.ts";

export interface Cell {
  /** Loosest first; more than one where it depends on the request. Each is what the example comes to. */
  readonly outcomes: readonly CellOutcome[];
  /** Null where `outcomes` are all there are. */
  readonly doubt: CellDoubt | null;
  readonly rules: readonly CellRule[];
  /** Ids of the limits that can count this action. */
  readonly limits: readonly string[];
}

/** What couldn't be ruled out. */
export interface CellDoubt {
  readonly may_also: readonly Outcome[];
  /** `not every case of \`args.body\` can be told apart (…)`. */
  readonly why: string;
}

export interface CellRule {
  readonly id: string;
  readonly effect: "grants" | "restricts";
  readonly applies: "always" | "sometimes";
  readonly trial: boolean;
}

/** A request that has an outcome, with what isn't as usual. The agent and the action are the cell's. */
export interface Example {
  readonly args: JsonObject;
  /** As `explain --session` takes it. */
  readonly session: JsonObject;
  /** Is that all that it rests on? Then `explain` comes to it; an earlier call may lack its arguments. */
  readonly whole: boolean;
}
