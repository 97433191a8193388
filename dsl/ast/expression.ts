/** Conditions. */
import type { DurationLiteral, Literal, Name, Node } from "./node.ts";

export type CompareOperator = "==" | "!=" | "<" | "<=" | ">" | ">=";

export type Expression =
  | Literal
  | PathExpression
  | (Node & { readonly kind: "List"; readonly items: readonly Literal[] })
  | (Node & { readonly kind: "And"; readonly of: readonly Expression[] })
  | (Node & { readonly kind: "Or"; readonly of: readonly Expression[] })
  | (Node & { readonly kind: "Not"; readonly of: Expression })
  | (Node & { readonly kind: "Parens"; readonly of: Expression })
  | (Node & {
      readonly kind: "Compare";
      readonly operator: CompareOperator;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Node & {
      readonly kind: "In";
      readonly negated: boolean;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Node & {
      readonly kind: "TextTest";
      readonly operator: "like" | "contains" | "starts with" | "ends with";
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Node & { readonly kind: "IsPresent"; readonly negated: boolean; readonly of: PathExpression })
  | (Node & {
      readonly kind: "Quantifier";
      readonly quantifier: "every" | "some";
      readonly variable: Name;
      readonly list: PathExpression;
      readonly body: Expression;
    })
  | (Node & { readonly kind: "SessionHas"; readonly label: Name })
  | (Node & {
      readonly kind: "SessionDid";
      readonly action: Name;
      readonly same: readonly Name[];
      readonly within: DurationLiteral | null;
    })
  | (Node & { readonly kind: "During"; readonly schedule: Name })
  | (Node & {
      readonly kind: "Detects";
      /** Null: all arguments (`args contain secrets`). */
      readonly of: PathExpression | null;
      readonly detector: Name;
    })
  | (Node & { readonly kind: "TaskMentions"; readonly of: PathExpression })
  | (Node & { readonly kind: "DefineCall"; readonly name: Name; readonly args: readonly Expression[] });

/** `args.to`, `address.domain`, `environment`, `session.age`, or a bare name of a set, group or parameter. */
export interface PathExpression extends Node {
  readonly kind: "Path";
  readonly segments: readonly Name[];
}
