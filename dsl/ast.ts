/**
 * The tree of an `.agentpolicy` file: the whole grammar of `docs/language.md`. Every node carries its span;
 * `///` text stands on what it documents; other comments stand on the file.
 */
import type { ActionDeclaration, DefineDeclaration, ServerDeclaration } from "./ast/action.ts";
import type { AgentDeclaration, BreakerDeclaration, CanaryDeclaration, GatewayDeclaration } from "./ast/agent.ts";
import type { Node } from "./ast/node.ts";
import type { EveryAgentDeclaration, RoleDeclaration } from "./ast/rule.ts";
import type { ProveDeclaration, TestDeclaration } from "./ast/test.ts";
import type {
  ApprovalDeclaration,
  ChannelDeclaration,
  ClassDeclaration,
  GroupDeclaration,
  LabelDeclaration,
  LiveSetDeclaration,
  PolicyDeclaration,
  ScheduleDeclaration,
  SetDeclaration,
} from "./ast/vocabulary.ts";

export type * from "./ast/node.ts";
export type * from "./ast/vocabulary.ts";
export type * from "./ast/action.ts";
export type * from "./ast/rule.ts";
export type * from "./ast/agent.ts";
export type * from "./ast/test.ts";
export type * from "./ast/expression.ts";

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
