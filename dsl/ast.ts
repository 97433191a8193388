/**
 * The tree of an `.agentpolicy` file: the whole grammar of `docs/language.md`. Every node carries its span;
 * `///` text stands on what it documents; other comments stand on the file.
 */

/** Half-open range of UTF-16 offsets in one source. */
export interface Span {
  readonly source: string;
  readonly start: number;
  readonly end: number;
}

export interface Node {
  readonly span: Span;
}

export interface Name extends Node {
  readonly kind: "Name";
  /** As written for identifiers, unquoted for `"…"` segments; dotted names join their segments with `.`. */
  readonly value: string;
  readonly segments: readonly string[];
}

export interface File extends Node {
  readonly kind: "File";
  readonly declarations: readonly Declaration[];
  /** `//` comments, in order; the printer puts them back. */
  readonly comments: readonly Comment[];
  /** Where blank lines stand, one offset for each run of them; the printer keeps one. Like a span, no part of the meaning. */
  readonly blanks: readonly number[];
}

export interface Comment extends Node {
  readonly kind: "Comment";
  /** Without the slashes, trimmed at the end. */
  readonly text: string;
  /** Whether code stands before it on its line. */
  readonly trailing: boolean;
}

export type Declaration =
  | PolicyDeclaration
  | LabelDeclaration
  | SetDeclaration
  | LiveSetDeclaration
  | ScheduleDeclaration
  | GroupDeclaration
  | ChannelDeclaration
  | ApprovalDeclaration
  | ClassDeclaration
  | ActionDeclaration
  | ServerDeclaration
  | DefineDeclaration
  | RoleDeclaration
  | EveryAgentDeclaration
  | AgentDeclaration
  | GatewayDeclaration
  | CanaryDeclaration
  | BreakerDeclaration
  | ProveDeclaration
  | TestDeclaration;

interface Documented extends Node {
  /** Lines of `///` above, joined with newlines, one leading space removed from each; null without. */
  readonly doc: string | null;
}

// -- literals ---------------------------------------------------------------------------------------------------

export interface StringLiteral extends Node {
  readonly kind: "String";
  readonly value: string;
}
export interface NumberLiteral extends Node {
  readonly kind: "Number";
  /** As written: `50.01`, `-3`. */
  readonly text: string;
}
export interface DurationLiteral extends Node {
  readonly kind: "Duration";
  readonly text: string;
  readonly milliseconds: number;
}
export interface DateLiteral extends Node {
  readonly kind: "Date";
  /** `2027-01-31`. */
  readonly text: string;
}
export interface TimeLiteral extends Node {
  readonly kind: "Time";
  /** RFC 3339. */
  readonly text: string;
}
export interface BooleanLiteral extends Node {
  readonly kind: "Boolean";
  readonly value: boolean;
}
export interface NullLiteral extends Node {
  readonly kind: "Null";
}

// -- policy block -----------------------------------------------------------------------------------------------

export interface PolicyDeclaration extends Documented {
  readonly kind: "Policy";
  readonly name: StringLiteral;
  readonly settings: readonly PolicySetting[];
}

export type PolicySetting =
  | (Node & { readonly kind: "Environments"; readonly names: readonly Name[] })
  | (Node & {
      readonly kind: "Session";
      readonly lifetime: DurationLiteral | null;
      readonly idle: DurationLiteral | null;
    })
  | (Node & { readonly kind: "Lease"; readonly duration: DurationLiteral })
  | (Node & { readonly kind: "Retain"; readonly duration: DurationLiteral })
  | (Node & { readonly kind: "Region"; readonly name: Name })
  | (Node & {
      readonly kind: "People" | "Requesters";
      readonly issuer: StringLiteral;
      readonly audience: StringLiteral;
    })
  | (Node & { readonly kind: "Operators" | "Auditors" | "Deployers"; readonly groups: readonly Name[] });

// -- vocabulary -------------------------------------------------------------------------------------------------

/** `label untrusted is taint, confidential is sensitive` */
export interface LabelDeclaration extends Documented {
  readonly kind: "Label";
  readonly labels: readonly LabelItem[];
}
export interface LabelItem extends Node {
  readonly name: Name;
  /** `taint`, `sensitive`, or null for a plain label. */
  readonly is: Name | null;
}

/** `set acme_domains = ["acme.example"]` */
export interface SetDeclaration extends Documented {
  readonly kind: "Set";
  readonly name: Name;
  readonly members: readonly Literal[];
}

/** `live set vendors editors finance` */
export interface LiveSetDeclaration extends Documented {
  readonly kind: "LiveSet";
  readonly name: Name;
  readonly editors: readonly Name[];
}

/** `schedule office_hours = mon-fri 09:00-18:00, sat 10:00-12:00 "Europe/Berlin"` */
export interface ScheduleDeclaration extends Documented {
  readonly kind: "Schedule";
  readonly name: Name;
  readonly slots: readonly ScheduleSlot[];
  readonly zone: StringLiteral;
}
export interface ScheduleSlot extends Node {
  readonly days: readonly ScheduleDays[];
  /** Minutes after midnight, 0 to 1,440. */
  readonly from: number;
  readonly to: number;
}
export interface ScheduleDays extends Node {
  /** `mon` to `sun`; equal where one day is named. */
  readonly first: string;
  readonly last: string;
}

/** `group g = ["a@b.example"]` or `group g = claim "groups" "value"` */
export interface GroupDeclaration extends Documented {
  readonly kind: "Group";
  readonly name: Name;
  readonly members: readonly StringLiteral[] | null;
  readonly claim: { readonly name: StringLiteral; readonly value: StringLiteral } | null;
}

/** `channel ops = slack secret "SLACK_OPS_WEBHOOK"` */
export interface ChannelDeclaration extends Documented {
  readonly kind: "Channel";
  readonly name: Name;
  readonly medium: Name;
  readonly secret: StringLiteral | null;
  readonly address: StringLiteral | null;
}

export interface ApprovalDeclaration extends Documented {
  readonly kind: "Approval";
  readonly name: Name;
  readonly settings: readonly ApprovalSetting[];
}
export type ApprovalSetting =
  /** `approvers requester` is a Name with value `requester`. */
  | (Node & { readonly kind: "Approvers"; readonly groups: readonly Name[] })
  | (Node & { readonly kind: "Quorum"; readonly number: NumberLiteral })
  | (Node & { readonly kind: "Tell"; readonly channels: readonly Name[] })
  | (Node & { readonly kind: "Within"; readonly duration: DurationLiteral })
  | (Node & { readonly kind: "Escalate"; readonly groups: readonly Name[]; readonly after: DurationLiteral })
  | (Node & { readonly kind: "ReasonRequired" })
  | (Node & { readonly kind: "ExcludingOwners" })
  | (Node & { readonly kind: "UseWithin"; readonly duration: DurationLiteral })
  | (Node & {
      readonly kind: "Reuse";
      readonly number: NumberLiteral;
      readonly in: DurationLiteral;
      readonly varying: readonly Name[];
    })
  | (Node & { readonly kind: "Fatigue"; readonly number: NumberLiteral; readonly in: DurationLiteral })
  | (Node & { readonly kind: "Decoys"; readonly number: NumberLiteral; readonly in: NumberLiteral });

export interface ClassDeclaration extends Documented {
  readonly kind: "Class";
  readonly names: readonly Name[];
}

// -- actions ----------------------------------------------------------------------------------------------------

export interface ActionDeclaration extends Documented {
  readonly kind: "Action";
  readonly name: Name;
  /** Null where the list is left out (actions of a server). */
  readonly params: readonly Parameter[] | null;
  /** `...` stands last. */
  readonly open: boolean;
  readonly classes: readonly ClassItem[];
  readonly resources: OnNone | readonly ResourceItem[] | null;
  readonly yields: readonly LabelClause[];
  readonly clears: readonly Name[];
  readonly recovery: StringLiteral | null;
  readonly tool: StringLiteral | null;
}
export interface OnNone extends Node {
  readonly kind: "OnNone";
}
export interface ClassItem extends Node {
  readonly name: Name;
  readonly guard: Guard | null;
}
export interface ResourceItem extends Node {
  readonly template: StringLiteral;
  readonly guard: Guard | null;
}
export interface LabelClause extends Node {
  readonly label: Name;
  readonly guard: Guard | null;
}
/** `when C` or `unless C`. */
export interface Guard extends Node {
  readonly unless: boolean;
  readonly condition: Expression;
}
export interface Parameter extends Documented {
  readonly kind: "Parameter";
  readonly name: Name;
  readonly secret: boolean;
  readonly type: TypeNode;
  readonly optional: boolean;
}

export type TypeNode =
  /** `string(max 4000)`, `url(https)`, `path(absolute, lower)`, `decimal(min 0.01)`. */
  | (Node & { readonly kind: "NamedType"; readonly name: Name; readonly settings: readonly TypeSetting[] })
  | (Node & { readonly kind: "EnumType"; readonly values: readonly StringLiteral[] })
  | (Node & { readonly kind: "ListType"; readonly of: TypeNode; readonly settings: readonly TypeSetting[] })
  | (Node & { readonly kind: "RecordType"; readonly fields: readonly Parameter[] });

/** `max 4000`, `like "*.md"`, `https`. */
export interface TypeSetting extends Node {
  readonly name: Name;
  readonly value: NumberLiteral | StringLiteral | DurationLiteral | null;
}

/** `server NAME mcp "URL" tools "FILE" sha256 "…"` */
export interface ServerDeclaration extends Documented {
  readonly kind: "Server";
  readonly name: Name;
  readonly protocol: Name;
  readonly url: StringLiteral;
  readonly tools: StringLiteral;
  readonly sha256: StringLiteral;
}

/** `define internal(to: list<email>) = …` */
export interface DefineDeclaration extends Documented {
  readonly kind: "Define";
  readonly name: Name;
  readonly params: readonly Parameter[];
  readonly body: Expression;
}

// -- rules ------------------------------------------------------------------------------------------------------

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

// -- agents -----------------------------------------------------------------------------------------------------

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

// -- canaries, breakers -----------------------------------------------------------------------------------------

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

// -- tests and proofs -------------------------------------------------------------------------------------------

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

// -- expressions ------------------------------------------------------------------------------------------------

export type Literal = StringLiteral | NumberLiteral | DurationLiteral | DateLiteral | TimeLiteral | BooleanLiteral;

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
