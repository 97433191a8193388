/** The policy block, and what rules refer to. */
import type { Documented, DurationLiteral, Literal, Name, Node, NumberLiteral, StringLiteral } from "./node.ts";

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
