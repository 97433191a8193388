/** The face of `AgentObject`. */
import type { LimitRow, Reason, Remainder } from "../../engine/index.ts";
import type { Credential, Refusal } from "./caller.ts";
import type { SessionStatus } from "./session-rpc.ts";
import type { ReachOutput, SwitchNotice } from "./switchboard-rpc.ts";

/** One object per agent; its name is the agent's. */
export interface AgentRpc {
  /** From a session that opens: credentials, kill, caps. The same session again gets the same answer. */
  admit(input: AdmitInput): Promise<AdmitOutput>;
  /** Uses up a credential. */
  useCredential(input: {
    readonly sequence: number;
    readonly credential: Credential;
  }): Promise<{ readonly used: true } | Refusal>;
  /** For a session: not killed, for what is left of the agent's own lease. */
  renewLease(input: {
    readonly sequence: number;
    readonly session: string;
    readonly lease: number;
  }): Promise<LeaseOutput>;
  /** All or none. Idempotent by session, reservation and counter. */
  reserve(input: ReserveInput): Promise<ReserveOutput>;
  /** What became of reservations and approvals of one session. Idempotent; unknown ones are passed over. */
  report(input: SessionReport): Promise<{ readonly done: true }>;
  /** From the Switchboard; a lower epoch than seen changes nothing. Committed when it answers. */
  learnSwitches(input: SwitchNotice): Promise<ReachOutput>;
  /** For auditors, newest first. */
  sessions(input: {
    readonly sequence: number;
    readonly limit: number;
  }): Promise<{ readonly sessions: readonly SessionRow[] } | Refusal>;
  /** Pending approvals of all its sessions, oldest first. */
  pendingApprovals(input: {
    readonly sequence: number;
  }): Promise<{ readonly approvals: readonly { readonly id: string; readonly session: string }[] } | Refusal>;
}

export interface AdmitInput {
  readonly sequence: number;
  readonly agent: string;
  readonly session: string;
  readonly credentials: readonly Credential[];
  /** What the policy says of opening (`matchOpening`). */
  readonly opening: Remainder;
  /** Labels that the session begins with. */
  readonly starts_with: readonly string[];
  readonly lease: number;
  /** When the session ends at the latest. */
  readonly until: number;
}

export type AdmitOutput =
  | { readonly admitted: true; readonly lease: Lease; readonly sequence: number }
  | {
      readonly admitted: false;
      readonly reason: Reason;
      readonly message: string;
      readonly retry_after: number | null;
    }
  | Refusal;

/** Time counts from when the renewal was sent, by the holder's own clock. */
export interface Lease {
  readonly epoch: number;
  readonly valid_for: number;
}

export type LeaseOutput =
  | { readonly granted: true; readonly lease: Lease; readonly sequence: number }
  /** `notices`: what the session has to learn; empty when the agent's object has no lease itself. */
  | { readonly granted: false; readonly sequence: number; readonly notices: readonly SwitchNotice[] }
  | Refusal;

export interface ReserveItem {
  readonly limit: LimitRow;
  /** Count it even beyond N: an approval stands for it. */
  readonly beyond: boolean;
}

export interface ReserveInput {
  readonly sequence: number;
  readonly session: string;
  /** Names the request and the round, so that a release that is late never hits a later round. */
  readonly reservation: string;
  /** False only reads what is used. */
  readonly reserve: boolean;
  readonly items: readonly ReserveItem[];
  /** A place among the agent's pending approvals, needed to ask. */
  readonly approval: { readonly id: string; readonly expires: number } | null;
}

export type ReserveOutput =
  | {
      /** True when all items are held (and were asked for). */
      readonly reserved: boolean;
      /** Used by others before this reservation, in the order of the items. Scaled by 10^6. */
      readonly items: readonly { readonly used: bigint; readonly admits_at: number | null }[];
      /** False when the agent has too many pending approvals. */
      readonly place: boolean;
    }
  | Refusal;

export interface SessionReport {
  readonly session: string;
  readonly confirm: readonly { readonly reservation: string; readonly at: number }[];
  readonly release: readonly string[];
  /** Approvals that are pending, that aren't any more, and that are again. */
  readonly asked: readonly string[];
  readonly resolved: readonly string[];
  readonly reopened: readonly { readonly approval: string; readonly expires: number }[];
  /** Set when the session has ended. */
  readonly ended: { readonly status: SessionStatus; readonly at: number } | null;
}

export interface SessionRow {
  readonly id: string;
  readonly opened_at: number;
  readonly until: number;
  readonly ended_at: number | null;
}
