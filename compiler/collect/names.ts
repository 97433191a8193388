/** Every declaration of the policy by kind and name. Where a name is declared twice the first stands. */
import type {
  ActionDeclaration,
  AgentDeclaration,
  ApprovalDeclaration,
  BreakerDeclaration,
  CanaryDeclaration,
  ChannelDeclaration,
  DefineDeclaration,
  EveryAgentDeclaration,
  GatewayDeclaration,
  GroupDeclaration,
  LabelItem,
  LiveSetDeclaration,
  Name,
  PolicyDeclaration,
  ProveDeclaration,
  RoleDeclaration,
  ScheduleDeclaration,
  ServerDeclaration,
  SetDeclaration,
  TestDeclaration,
} from "../../dsl/index.ts";

/** What each kind of name stands for. */
export interface Declared {
  readonly label: LabelItem;
  readonly set: SetDeclaration;
  readonly "live set": LiveSetDeclaration;
  readonly schedule: ScheduleDeclaration;
  readonly group: GroupDeclaration;
  readonly channel: ChannelDeclaration;
  readonly approval: ApprovalDeclaration;
  readonly class: Name;
  readonly action: ActionDeclaration;
  readonly define: DefineDeclaration;
  readonly role: RoleDeclaration;
  readonly agent: AgentDeclaration;
}

export type NameKind = keyof Declared;

export type NamesByKind = { readonly [K in NameKind]: ReadonlyMap<string, Declared[K]> };

export interface Names {
  readonly policy: PolicyDeclaration | null;
  readonly by: NamesByKind;
  readonly everyAgent: readonly EveryAgentDeclaration[];
  readonly servers: readonly ServerDeclaration[];
  readonly gateways: readonly GatewayDeclaration[];
  readonly canaries: readonly CanaryDeclaration[];
  readonly breakers: readonly BreakerDeclaration[];
  readonly proofs: readonly ProveDeclaration[];
  readonly tests: readonly TestDeclaration[];
}

/** `is` needs one of these; guards work by class, so an action without any would escape them. */
export const REQUIRED_CLASSES: readonly string[] = ["read", "write", "delete", "execute", "admin", "spend", "external"];

export const BUILT_IN_CLASSES: readonly string[] = [...REQUIRED_CLASSES, "irreversible"];

/** Opening a session is an action that every policy has. */
export const SESSION_OPEN = "session.open";
