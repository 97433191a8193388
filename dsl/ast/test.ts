/** Tests and proofs. */
import type { Guard } from "./action.ts";
import type {
  DateLiteral,
  Documented,
  DurationLiteral,
  Literal,
  Name,
  Node,
  NullLiteral,
  NumberLiteral,
  StringLiteral,
  TimeLiteral,
} from "./node.ts";
import type { SelectorNode, Tier } from "./rule.ts";

export interface ProveDeclaration extends Documented {
  readonly kind: "Prove";
  readonly title: StringLiteral;
  readonly claims: readonly ProveClaim[];
}
export type ProveClaim =
  /** `no agent can X and Y` */
  | (Node & { readonly kind: "NoAgentCan"; readonly select: readonly SelectorNode[] })
  /** `SELECTORS [when C] => at least TIER [via …]` */
  | (Node & {
      readonly kind: "Bound";
      readonly select: readonly SelectorNode[];
      readonly guard: Guard | null;
      readonly bound: "at least" | "at most";
      readonly tier: Tier;
      readonly via: readonly Name[];
    });

export interface TestDeclaration extends Documented {
  readonly kind: "Test";
  readonly title: StringLiteral;
  readonly agent: Name;
  readonly requester: StringLiteral | null;
  readonly at: DateLiteral | TimeLiteral | null;
  readonly task: StringLiteral | null;
  readonly steps: readonly TestStep[];
}
/** One line of a test. `docs/language.md`, "Tests". */
export type TestStep =
  /** `given session has L` */
  | (Node & { readonly kind: "Given"; readonly label: Name })
  /** `given set NAME has "x", "y"` */
  | (Node & { readonly kind: "GivenSet"; readonly set: Name; readonly members: readonly StringLiteral[] })
  | CallStep
  | BecomeStep
  | DelegateStep
  /** `return`: back to the session that delegated. */
  | (Node & { readonly kind: "Return" })
  /** `after 2h`: the clock moves on. */
  | (Node & { readonly kind: "After"; readonly duration: DurationLiteral });

/** What people do with the question that a step raises; null: nothing yet. */
export type TestAnswer = "approved" | "denied" | "expired";

/** `[repeat N:] [approved|denied|expired] [failed] ACTION(ARGUMENTS) => EXPECTATION` */
export interface CallStep extends Node {
  readonly kind: "Call";
  readonly repeat: NumberLiteral | null;
  readonly answer: TestAnswer | null;
  /** `failed` stands before the call: it is admitted, and what it does then fails. */
  readonly failed: boolean;
  readonly action: Name;
  readonly args: readonly TestArgument[];
  readonly expectation: Expectation;
}

/** `[approved|denied|expired] become ROLE => EXPECTATION` */
export interface BecomeStep extends Node {
  readonly kind: "Become";
  readonly answer: TestAnswer | null;
  readonly role: Name;
  readonly expectation: Expectation;
}

/** `delegate to AGENT [=> EXPECTATION]` */
export interface DelegateStep extends Node {
  readonly kind: "Delegate";
  readonly agent: Name;
  readonly expectation: Expectation | null;
}
export interface TestArgument extends Node {
  readonly name: Name;
  readonly value: TestValue;
}
export type TestValue =
  | Literal
  | NullLiteral
  | (Node & { readonly kind: "ListValue"; readonly items: readonly TestValue[] })
  | (Node & { readonly kind: "RecordValue"; readonly fields: readonly TestArgument[] });
export interface Expectation extends Node {
  readonly kind: "Expectation";
  /** `allow`, `notify`, `ask`, `never` or a reason code. */
  readonly outcome: Name;
  readonly via: readonly Name[];
}
