/** The face of `AgentObject`. */
import type { Reason, Remainder, Usage } from "../../engine/index.ts";
import type { UsualView } from "./breaker-rpc.ts";
import type { Credential, Link, Refusal } from "./caller.ts";
import type { HolderRpc } from "./holder-rpc.ts";
import type { Membership, MembershipOutput } from "./live-set-rpc.ts";
import type { ReachOutput, SwitchNotice } from "./switchboard-rpc.ts";

/** One object per agent; its name is the agent's. */
export interface AgentRpc extends HolderRpc {
  /** From a session that opens: credentials, kill, caps. The same session again gets the same answer. */
  admit(input: AdmitInput): Promise<AdmitOutput>;
  /** The session that answers a gateway's one-shot questions: the one that does already, else the candidate. */
  standingSession(input: StandingInput): Promise<{ readonly session: string } | Refusal>;
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
    /** Of the newest notice of the agent's side that the session has. */
    readonly epoch: number;
  }): Promise<LeaseOutput>;
  /** For a session: what live sets hold. Throws where a set can't be read. */
  isMember(input: {
    readonly sequence: number;
    readonly lease: number;
    readonly asked: readonly Membership[];
  }): Promise<MembershipOutput | Refusal>;
  /** From the Switchboard; a lower epoch than seen changes nothing. Committed when it answers. */
  learnSwitches(input: SwitchNotice): Promise<ReachOutput>;
  /** For auditors, newest first. */
  sessions(input: {
    readonly sequence: number;
    readonly limit: number;
  }): Promise<{ readonly sessions: readonly SessionRow[]; readonly usual?: UsualView } | Refusal>;
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
  /** What others said is used of its limits, by `shareKey`. */
  readonly shared: ReadonlyMap<string, Usage>;
  /** Labels that the session begins with. */
  readonly starts_with: readonly string[];
  readonly lease: number;
  /** When the session ends at the latest. */
  readonly until: number;
  /** From the root to this one; absent for a root. */
  readonly chain?: readonly Link[];
  /** What speaks against it by the session's own word: then only the credentials are used up. */
  readonly against?: OpeningRefusal;
  /** Whether a limit of the agent's own takes the place of the caps; absent: any limit that is met does. */
  readonly limited?: boolean;
}

export interface OpeningRefusal {
  readonly reason: Reason;
  readonly message: string;
  /** Seconds; null where waiting doesn't help, or nobody knows. */
  readonly retry_after: number | null;
}

export interface StandingInput {
  readonly sequence: number;
  /** Which gateway, for whom. */
  readonly key: string;
  readonly candidate: string;
  /** The one that was found to be over; null where none was. */
  readonly ended: string | null;
}

export type AdmitOutput =
  /** `notice`: what is killed and doesn't stop the session from opening. */
  | { readonly admitted: true; readonly lease: Lease; readonly sequence: number; readonly notice: SwitchNotice }
  | ({ readonly admitted: false } & OpeningRefusal)
  | Refusal;

/** Time counts from when the renewal was sent, by the holder's own clock. */
export interface Lease {
  readonly epoch: number;
  readonly valid_for: number;
}

export type LeaseOutput =
  /** `notices`: what the session has to learn before it relies on the lease. */
  | {
      readonly granted: true;
      readonly lease: Lease;
      readonly sequence: number;
      readonly notices: readonly SwitchNotice[];
    }
  | { readonly granted: false; readonly sequence: number; readonly notices: readonly SwitchNotice[] }
  | Refusal;

export interface SessionRow {
  readonly id: string;
  readonly opened_at: number;
  readonly until: number;
  readonly ended_at: number | null;
  /** For whom it works, while it is open; null for nobody. */
  readonly requester: string | null;
  /** From the root to this one, while it is open; absent for a root. */
  readonly chain?: readonly Link[];
}
