/** What is said about live sets: texts that people change at run time. */
import type { SetEdit } from "../../sdk/index.ts";
import type { PersonRef } from "./caller.ts";
import type { Lease } from "./agent-rpc.ts";

export interface EditSetInput {
  readonly sequence: number;
  readonly name: string;
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly reason: string;
  readonly by: PersonRef;
}

export interface SetView {
  readonly name: string;
  /** Rises with every edit of any set. */
  readonly version: number;
  /** Sorted. */
  readonly members: readonly string[];
  /** Newest first; empty unless asked for. */
  readonly edits: readonly SetEdit[];
}

/** For an agent's object. What is read holds for the lease, counted from when it was asked for. */
export interface GrantedSet {
  readonly members: readonly string[];
  readonly lease: Lease;
}

export interface Membership {
  readonly set: string;
  readonly value: string;
}

/** For a session: whether each is a member, and for how long that may be relied on. */
export interface MembershipOutput {
  readonly has: readonly boolean[];
  readonly lease: Lease;
}
