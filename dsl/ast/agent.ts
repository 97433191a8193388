/** Agents, gateways, canaries, breakers. */
import type { DateLiteral, Documented, DurationLiteral, Name, Node, NumberLiteral, StringLiteral } from "./node.ts";
import type { LimitNode, RuleNode, SelectorNode } from "./rule.ts";

export interface AgentDeclaration extends Documented {
  readonly kind: "Agent";
  readonly name: Name;
  /** `agent B like A { … }` */
  readonly like: Name | null;
  readonly items: readonly AgentItem[];
}
export type AgentItem =
  | (Node & { readonly kind: "Owner"; readonly owner: Name | StringLiteral })
  | (Node & { readonly kind: "Purpose"; readonly text: StringLiteral })
  | (Node & { readonly kind: "Roles"; readonly names: readonly Name[] })
  | IdentityItem
  | (Node & { readonly kind: "ReviewBy"; readonly date: DateLiteral })
  | (Node & { readonly kind: "RequesterRequired" })
  | (Node & { readonly kind: "TaskFromClient" })
  | (Node & { readonly kind: "StartsWith"; readonly labels: readonly Name[] })
  | (Node & { readonly kind: "MayCall"; readonly agent: Name; readonly select: readonly SelectorNode[] })
  | (Node & {
      readonly kind: "MayBecome";
      readonly role: Name;
      readonly via: Name;
      readonly duration: DurationLiteral;
    })
  | RuleNode
  | LimitNode;

export type IdentityItem = Node & {
  readonly kind: "Identity";
  readonly identity:
    | (Node & { readonly kind: "KeyIdentity"; readonly algorithm: Name; readonly key: StringLiteral })
    | (Node & {
        readonly kind: "OidcIdentity";
        readonly issuer: StringLiteral;
        readonly claims: readonly IdentityClaim[];
      })
    | (Node & { readonly kind: "MtlsIdentity"; readonly sha256: StringLiteral });
};
/** `repository "acme/sales-bot"` or `repository in repos`. */
export interface IdentityClaim extends Node {
  readonly name: Name;
  readonly value: StringLiteral | null;
  readonly set: Name | null;
}

/** `gateway NAME { identity … for AGENTS }` */
export interface GatewayDeclaration extends Documented {
  readonly kind: "Gateway";
  readonly name: Name;
  readonly identities: readonly IdentityItem[];
  readonly agents: readonly Name[];
}

export interface CanaryDeclaration extends Documented {
  readonly kind: "Canary";
  readonly name: Name;
  readonly sha256: StringLiteral;
}

export interface BreakerDeclaration extends Documented {
  readonly kind: "Breaker";
  readonly name: Name;
  readonly event: BreakerEvent;
  readonly per: Name;
  readonly actions: readonly BreakerAction[];
}
export type BreakerEvent =
  /** `5 denied in 1m`, `3 failed in 10m`. */
  | (Node & {
      readonly kind: "CountEvent";
      readonly what: "denied" | "failed";
      readonly number: NumberLiteral;
      readonly in: DurationLiteral;
    })
  /** `20% failed in 10m of at least 50`. */
  | (Node & {
      readonly kind: "RatioEvent";
      readonly percent: NumberLiteral;
      readonly in: DurationLiteral;
      readonly atLeast: NumberLiteral;
    })
  /** `5x usual calls in 1h`. */
  | (Node & { readonly kind: "UsualEvent"; readonly factor: NumberLiteral; readonly in: DurationLiteral })
  | (Node & { readonly kind: "FirstUseEvent"; readonly after: DurationLiteral })
  | (Node & { readonly kind: "CanaryEvent" });
export type BreakerAction =
  | (Node & { readonly kind: "KillAction"; readonly scope: Name })
  | (Node & { readonly kind: "TellAction"; readonly channel: Name });
