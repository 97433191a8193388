/**
 * The resolved policy: every name bound, every condition typed and lowered, every row still knowing where it was
 * written. `lower/` makes the table of it, `checks/` looks for design mistakes in it, the test runner plays `tests`.
 */
import type { Diagnostic, LimitNode, RuleNode, Source, Span } from "../dsl/index.ts";
import type {
  Action,
  Agent,
  Approval,
  Breaker,
  Canary,
  Channel,
  Condition,
  Gateway,
  Group,
  Label,
  LiveSet,
  NamedSet,
  Schedule,
  Scope,
  Server,
  Settings,
  Table,
  Tier,
} from "../engine/index.ts";
import type { ResolvedProof } from "./resolved-proof.ts";
import type { ResolvedTest } from "./resolved-test.ts";

export type * from "./resolved-proof.ts";
export type * from "./resolved-test.ts";

/** What `compile` gives back. `table` is null when there is any error; `program` only when nothing could be resolved. */
export interface Compilation {
  readonly sources: readonly Source[];
  /** In the order of files and places. */
  readonly diagnostics: readonly Diagnostic[];
  readonly table: Table | null;
  readonly program: Program | null;
}

export interface Program {
  readonly name: string;
  readonly settings: Settings;
  readonly labels: readonly Placed<Label>[];
  readonly sets: readonly Placed<NamedSet>[];
  readonly liveSets: readonly Placed<LiveSet>[];
  readonly schedules: readonly Placed<Schedule>[];
  readonly groups: readonly Placed<Group>[];
  readonly channels: readonly Placed<Channel>[];
  readonly approvals: readonly Placed<Approval>[];
  /** Every class name, built in and declared. */
  readonly classes: readonly string[];
  readonly servers: readonly Placed<Server>[];
  readonly actions: readonly Placed<Action>[];
  readonly blocks: readonly ResolvedBlock[];
  readonly agents: readonly Placed<Agent>[];
  readonly gateways: readonly Placed<Gateway>[];
  readonly canaries: readonly Placed<Canary>[];
  readonly breakers: readonly Placed<Breaker>[];
  readonly proofs: readonly ResolvedProof[];
  readonly tests: readonly ResolvedTest[];
}

/** A row of the table and the name that declares it. */
export interface Placed<Row> {
  readonly row: Row;
  readonly span: Span;
}

/** All `every agent` blocks are one; each role and each agent with rules of its own has one. */
export interface ResolvedBlock {
  readonly kind: "every" | "role" | "agent";
  /** Empty for `every`. */
  readonly name: string;
  readonly span: Span;
  readonly rules: readonly ResolvedRule[];
  readonly limits: readonly ResolvedLimit[];
}

export interface ResolvedRule {
  readonly node: RuleNode;
  readonly tier: Tier;
  readonly trial: boolean;
  readonly scope: Scope;
  readonly when: Condition | null;
  readonly to: readonly string[];
  readonly via: readonly string[];
  readonly until: number | null;
  /** Actions that exist today and that the rule can be about, sorted by name. */
  readonly actions: readonly Action[];
}

export interface ResolvedLimit {
  readonly node: LimitNode;
  readonly trial: boolean;
  readonly scope: Scope;
  readonly when: Condition | null;
  readonly total: readonly string[] | null;
  readonly n: string;
  readonly window: number | null;
  readonly per: "session" | "agent" | "requester" | "fleet";
  readonly keys: readonly (readonly string[])[];
  readonly via: string | null;
  readonly actions: readonly Action[];
}
