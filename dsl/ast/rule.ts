/** Rules, limits, roles. */
import type { Guard } from "./action.ts";
import type { PathExpression } from "./expression.ts";
import type {
  DateLiteral,
  Documented,
  DurationLiteral,
  Name,
  Node,
  NumberLiteral,
  Span,
  StringLiteral,
  TimeLiteral,
} from "./node.ts";

export type Tier = "allow" | "notify" | "ask" | "never";

export interface RuleNode extends Documented {
  readonly kind: "Rule";
  readonly trial: boolean;
  readonly tier: Tier;
  /** Span of the tier's word. */
  readonly tierSpan: Span;
  readonly select: readonly SelectorNode[];
  readonly except: readonly SelectorNode[];
  readonly on: readonly StringLiteral[] | null;
  readonly onExcept: readonly StringLiteral[];
  readonly guard: Guard | null;
  readonly to: readonly Name[];
  readonly via: readonly Name[];
  readonly until: DateLiteral | TimeLiteral | null;
}

export interface LimitNode extends Documented {
  readonly kind: "Limit";
  readonly trial: boolean;
  readonly select: readonly SelectorNode[];
  readonly except: readonly SelectorNode[];
  readonly on: readonly StringLiteral[] | null;
  readonly onExcept: readonly StringLiteral[];
  readonly guard: Guard | null;
  readonly total: PathExpression | null;
  readonly to: NumberLiteral;
  readonly in: DurationLiteral | null;
  /** `session`, `agent`, `requester`, `fleet`. */
  readonly per: Name;
  readonly keys: readonly PathExpression[];
  readonly via: Name | null;
}

export type SelectorNode =
  /** `email.send` or a class: which of the two is resolved later. */
  | (Node & { readonly kind: "NameSelector"; readonly name: Name })
  /** `crm.*`: `name` is `crm`. */
  | (Node & { readonly kind: "PrefixSelector"; readonly name: Name })
  | (Node & { readonly kind: "AnySelector" });

export interface RoleDeclaration extends Documented {
  readonly kind: "Role";
  readonly name: Name;
  readonly items: readonly (RuleNode | LimitNode)[];
}

export interface EveryAgentDeclaration extends Documented {
  readonly kind: "EveryAgent";
  readonly items: readonly (RuleNode | LimitNode)[];
}
