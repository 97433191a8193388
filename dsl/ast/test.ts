/** Tests and proofs. */
import type { Guard } from "./action.ts";
import type {
  DateLiteral,
  Documented,
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
/** `given session has L | repeat N: | approved | CALL => EXPECTATION` */
export type TestStep =
  | (Node & { readonly kind: "Given"; readonly label: Name })
  | (Node & {
      readonly kind: "Call";
      readonly repeat: NumberLiteral | null;
      /** `approved` stands before the call: its approvals are given. */
      readonly approved: boolean;
      readonly action: Name;
      readonly args: readonly TestArgument[];
      readonly expectation: Expectation;
    });
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
