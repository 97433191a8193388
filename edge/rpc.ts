/**
 * What the Worker and the objects say to each other. Shapes stay compatible both ways: after a deploy, old and new
 * code talk for a while. Every call of the Worker carries the policy's sequence number; a lower one than seen is
 * `policy_stale`. Times are UTC milliseconds, durations milliseconds, `retry_after` seconds.
 *
 * Ids are made and read by `ids.ts`: the session that owns an approval is found from the approval's id alone.
 */
import type { Approval, Group, LimitRow, Remainder, Requester } from "../engine/index.ts";
import type { ApprovalStatus, WireSwitch } from "../sdk/index.ts";

/** Refusals that are not policy answers; the Worker turns each into a problem. */
export type Refusal =
  | { readonly refused: "policy_stale" }
  | { readonly refused: "not_found" }
  | { readonly refused: "request_id_reused" }
  | { readonly refused: "flood"; readonly retry_after: number }
  | { readonly refused: "conflict"; readonly detail: string }
  | { readonly refused: "replayed_credential" }
  | { readonly refused: "forbidden"; readonly detail: string };

/** Whoever asks on behalf of a session: what the verified token says. Another agent than stored is `forbidden`. */
export interface Caller {
  readonly sequence: number;
  readonly agent: string;
}

/** What is kept of a used credential: a key that names it, and when it may be forgotten. */
export interface Credential {
  readonly key: string;
  readonly expires: number;
}

/** A person who signed in at the issuer of `people`; `iss` and `sub` identify, the rest is for showing and matching. */
export interface PersonRef {
  readonly iss: string;
  readonly sub: string;
  /** Verified and lower-cased, else null. */
  readonly email: string | null;
  /** The claims that the policy's groups name. Kept with a vote, so that it can be weighed again at use. */
  readonly claims: { readonly [name: string]: string | readonly string[] };
}

// -- session ----------------------------------------------------------------------------------------------------

/** One object per root session; its name is the session's id. */
export interface SessionRpc {
  /** Once per session id. `conflict` when it was opened already. */
  open(input: OpenInput): Promise<OpenOutput>;
  authorize(input: AuthorizeInput): Promise<AuthorizeOutput>;
  /** For `POST /v1/session/token`: uses up the credential and says whether the session still lives. */
  refresh(input: Caller & { readonly credential: Credential; readonly lease: number }): Promise<RefreshOutput>;
  state(input: Caller): Promise<SessionView | Refusal>;
  /** Closing again changes nothing. */
  close(input: Caller): Promise<SessionView | Refusal>;
  /** Answers at once when the approval isn't pending any more, else when it changes or after `wait` ms (at most 60 s). */
  waitApproval(input: Caller & { readonly approval: string; readonly wait: number }): Promise<ApprovalView | Refusal>;
  withdrawApproval(input: Caller & { readonly approval: string }): Promise<ApprovalView | Refusal>;
  /** The whole request for an approver; that the person may see it, the Worker checks with `needs` and the policy. */
  viewApproval(input: { readonly sequence: number; readonly approval: string }): Promise<ApprovalView | Refusal>;
  /**
   * `not_found` when the person may give none of the approvals; `forbidden` when excluded (requester, owner) or a
   * required reason is missing; `conflict` when it isn't pending or the digest isn't that of what is asked.
   */
  vote(input: VoteInput): Promise<ApprovalView | Refusal>;
  /** Records after `after` (0: from the first), at most `limit` (and 500). */
  records(input: RecordsInput): Promise<RecordsOutput | Refusal>;
  /** Removes the arguments of one record and leaves the chain whole; is itself a record. */
  eraseArguments(input: {
    readonly sequence: number;
    readonly seq: number;
    readonly by: PersonRef;
    readonly reason: string;
  }): Promise<{ readonly erased: boolean } | Refusal>;
  /** From the Switchboard (session switches) and from the agent's object (the others). Committed when it answers. */
  learnSwitches(input: SwitchNotice): Promise<LearnOutput>;
  /** From the agent's object: what became of these reservations? */
  settle(input: { readonly reservations: readonly string[] }): Promise<SettleOutput>;
}

export interface OpenInput {
  readonly sequence: number;
  readonly policy: string;
  readonly session: string;
  readonly agent: string;
  readonly environment: string;
  readonly requester: Requester | null;
  /** Who the requester is at the identity provider: so that nobody approves a request of their own. */
  readonly requester_person: { readonly iss: string; readonly sub: string } | null;
  /** Vouched for (`language.md`, section 8), else null. */
  readonly task: string | null;
  readonly client: string | null;
  readonly starts_with: readonly string[];
  /** `lifetime` at most 24 h; `lease` at least 5 s, else it is taken as 5 s. */
  readonly lifetime: number;
  readonly idle: number;
  readonly lease: number;
  readonly retain: number;
  /** Limits of the policy on `session.open`, per agent, as `match` leaves them; none: 10 open and 60 an hour. */
  readonly limits: readonly LimitRow[];
  readonly credential: Credential;
  readonly requester_credential: Credential | null;
}

export type OpenOutput =
  | { readonly opened: true; readonly expires_at: number; readonly idle_expires_at: number }
  /** A policy answer. */
  | {
      readonly opened: false;
      readonly reason: "killed" | "frozen" | "limit_exceeded" | "overloaded";
      readonly message: string;
      readonly retry_after: number | null;
    }
  | Refusal;

export interface AuthorizeInput {
  readonly sequence: number;
  readonly session: string;
  readonly agent: string;
  readonly request_id: string;
  /** SHA-256 over action, args, resources, approval: the same id must come with the same digest. */
  readonly request_digest: string;
  /** SHA-256 hex of the canonical arguments. */
  readonly args_sha256: string;
  /** Canonical JSON (RFC 8785) of the arguments, values of `secret` parameters replaced by length and digest. */
  readonly args: string;
  /** Whether an agent's approver could be shown them: false over 16 KiB. */
  readonly reviewable: boolean;
  readonly approval: string | null;
  /** The Worker's clock; more than 5 s away from the object's is refused (`overloaded`). */
  readonly at: number;
  readonly intent: string | null;
  readonly confidence: number | null;
  readonly trace: string | null;
  readonly remainder: Remainder;
  /** What the approver page says of the agent and action. `owner` also serves `excluding owners`. */
  readonly describe: { readonly owner: string; readonly purpose: string; readonly recovery: string | null };
  /**
   * Today's groups that `remainder.approvals` name as approvers, and the owner's where it is one. May be empty when
   * `approval` is null: votes are weighed again only at use.
   */
  readonly groups: readonly Group[];
  readonly settings: { readonly lease: number; readonly idle: number };
}

/** The stored answer: what the Worker turns into the response and the permit, the same for every retry. */
export interface Answer {
  readonly decision: "allow" | "ask" | "deny";
  readonly decision_id: string;
  readonly tier: "allow" | "notify" | "ask" | "never";
  readonly reason: string;
  readonly message: string;
  readonly rules: readonly {
    readonly id: string;
    readonly tier: string;
    readonly via: string | null;
    readonly doc: string | null;
  }[];
  readonly resources: readonly string[];
  readonly limits: readonly {
    readonly id: string;
    readonly limit: string;
    readonly remaining: string;
    readonly resets_at: number | null;
  }[];
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
  readonly unknown: readonly string[];
  readonly approval: { readonly id: string; readonly status: ApprovalStatus; readonly expires_at: number } | null;
  readonly retry_after: number | null;
  /** Everything that the permit needs, so that a retry signs the same bytes (Ed25519 is deterministic). `iat` and `exp` in seconds. */
  readonly permit: {
    readonly jti: string;
    readonly iat: number;
    readonly exp: number;
    readonly policy: string;
    readonly sequence: number;
  } | null;
  readonly policy: string;
  readonly sequence: number;
  readonly request_digest: string;
}

export type AuthorizeOutput = { readonly answer: Answer } | Refusal;

export type RefreshOutput =
  | { readonly live: true; readonly expires_at: number; readonly idle_expires_at: number }
  | {
      readonly live: false;
      readonly reason: "killed" | "frozen" | "session_expired" | "overloaded";
      readonly message: string;
    }
  | Refusal;

export type SessionStatus = "open" | "frozen" | "closed" | "expired";

export interface SessionView {
  readonly id: string;
  readonly agent: string;
  readonly environment: string;
  readonly requester: string | null;
  readonly status: SessionStatus;
  readonly opened_at: number;
  readonly expires_at: number;
  readonly idle_expires_at: number;
  /** Admitted actions. */
  readonly calls: number;
  readonly labels: readonly string[];
  readonly roles: readonly string[];
  /** Of every limit that a decision of this session met, what is left now. */
  readonly limits: Answer["limits"];
}

export interface VoteInput {
  readonly sequence: number;
  readonly approval: string;
  readonly voter: PersonRef;
  /** Today's definitions of the approvals in the view's `needs`, and today's groups that they and the owner name. */
  readonly approvals: readonly Approval[];
  readonly groups: readonly Group[];
  /** Today's owner of the view's `agent`: name of a group, or an address. */
  readonly owner: string;
  readonly decision: "approve" | "deny";
  readonly reason: string | null;
  /** Of the view that the person was shown. */
  readonly request_digest: string;
}

/** An approval as the asker and the approver see it; the Worker leaves out what the asker needn't. */
export interface ApprovalView {
  readonly id: string;
  readonly session: string;
  readonly status: ApprovalStatus;
  readonly asked_at: number;
  /** Until when it can be decided, and once approved, used. */
  readonly expires_at: number;
  readonly needs: readonly { readonly approval: string; readonly quorum: number; readonly votes: number }[];
  readonly votes: readonly {
    readonly by: string;
    readonly decision: "approve" | "deny";
    readonly reason: string | null;
    readonly at: number;
  }[];
  /** Why it was denied or cancelled, in the words of who did. */
  readonly reason: string | null;
  readonly agent: string;
  readonly owner: string;
  readonly purpose: string;
  readonly requester: string | null;
  readonly action: string;
  readonly resources: readonly string[];
  /** Canonical JSON, whole. */
  readonly args: string;
  readonly rules: Answer["rules"];
  readonly labels: readonly string[];
  readonly recovery: string | null;
  readonly intent: string | null;
  readonly task: string | null;
  readonly request_digest: string;
}

export interface RecordsInput {
  readonly sequence: number;
  readonly after: number;
  readonly limit: number;
}

export interface RecordsOutput {
  /** One a record: canonical JSON of `{ record, args }`; `args` is null where there are none or they were erased. */
  readonly lines: readonly string[];
  /** The last `seq` given here, and whether there are more. */
  readonly last: number;
  readonly more: boolean;
}

export interface SettleOutput {
  /** In the order asked. `open`: still being decided, ask again. */
  readonly fates: readonly ("confirm" | "release" | "open")[];
  /** When each was admitted, by the session's clock; null unless `confirm`. */
  readonly at: readonly (number | null)[];
}

// -- agent ------------------------------------------------------------------------------------------------------

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
  readonly limits: readonly LimitRow[];
  readonly lease: number;
  /** When the session ends at the latest. */
  readonly until: number;
}

export type AdmitOutput =
  | { readonly admitted: true; readonly lease: Lease; readonly sequence: number }
  | {
      readonly admitted: false;
      readonly reason: "killed" | "limit_exceeded" | "overloaded";
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
  /** Approvals that are pending, and that aren't any more. */
  readonly asked: readonly string[];
  readonly resolved: readonly string[];
  /** Set when the session has ended. */
  readonly ended: { readonly status: SessionStatus; readonly at: number } | null;
}

export interface SessionRow {
  readonly id: string;
  readonly opened_at: number;
  readonly until: number;
  readonly ended_at: number | null;
}

// -- switchboard ------------------------------------------------------------------------------------------------

/** One object, named `switchboard`. */
export interface SwitchboardRpc {
  /** `forbidden` without a reason. Answers after the commit and the first round of pushes. */
  flip(input: FlipInput): Promise<FlipOutput | Refusal>;
  /** Lifts the switch with this id, or with null every one that is flipped for the name. `not_found` when there is none. */
  lift(input: FlipInput & { readonly id: string | null }): Promise<FlipOutput | Refusal>;
  /** Flipped ones, or with `history` the lifted too, newest first. */
  switches(input: {
    readonly sequence: number;
    readonly history: boolean;
  }): Promise<{ readonly switches: readonly SwitchView[]; readonly epoch: number } | Refusal>;
  /** For a deploy: last + 1; the number of the last one again while the hash is the same. */
  nextSequence(input: { readonly hash: string }): Promise<{ readonly sequence: number }>;
  currentSequence(): Promise<{ readonly sequence: number; readonly hash: string } | null>;
  /** Agents with sessions, as far as leases tell. */
  agents(input: { readonly sequence: number }): Promise<{ readonly agents: readonly string[] } | Refusal>;
  /** From an agent's object. */
  grantLease(input: {
    readonly sequence: number;
    readonly agent: string;
    readonly lease: number;
  }): Promise<GrantOutput>;
  /** From an agent's object: how far the switches of this epoch have got. */
  reportReach(input: { readonly agent: string } & Reach): Promise<{ readonly done: true }>;
}

export type SwitchScope = "fleet" | "agent" | "session";

/** What Workers read from KV under `SWITCHES_KEY`, always present once the Switchboard was first used. */
export interface SwitchDocument {
  readonly epoch: number;
  readonly at: number;
  /** `fleet` has the name `*`. Session switches are not here. */
  readonly killed: readonly { readonly scope: "fleet" | "agent"; readonly name: string }[];
}

export const SWITCHES_KEY = "switches";

export interface FlipInput {
  readonly sequence: number;
  readonly scope: SwitchScope;
  /** `*` for the fleet. */
  readonly name: string;
  readonly reason: string;
  readonly by: PersonRef;
}

export interface FlipOutput {
  /** The newest of those concerned. */
  readonly switch: WireSwitch;
  readonly sessions_reached: number;
  readonly sessions_pending: number;
}

export interface SwitchView extends WireSwitch {
  readonly sessions_reached: number;
  readonly sessions_pending: number;
}

/** A switch as far as objects need it: to refuse, to record and to say why. */
export interface SwitchRef {
  readonly id: string;
  readonly scope: SwitchScope;
  readonly name: string;
  readonly reason: string;
  readonly by: string;
}

/** Every switch that is flipped now on one side: the whole list, so that the newest epoch alone decides. */
export interface SwitchNotice {
  /** `session`: those of the session itself; `agent`: those of its agent and of the fleet. */
  readonly side: "session" | "agent";
  readonly epoch: number;
  readonly switches: readonly SwitchRef[];
}

export interface LearnOutput {
  readonly learned: true;
  /** False where no session was ever opened under this name, or it has ended. */
  readonly live: boolean;
}

export interface Reach {
  readonly epoch: number;
  readonly reached: number;
  readonly pending: number;
}

export interface ReachOutput extends Reach {
  readonly learned: true;
}

export interface GrantOutput {
  readonly notice: SwitchNotice;
  /** Null when the agent or the fleet is killed. */
  readonly lease: Lease | null;
  readonly sequence: number;
  /** Session switches that their session hasn't confirmed yet. */
  readonly sessions: readonly { readonly session: string; readonly notice: SwitchNotice }[];
}

export type { ApprovalStatus, WireSwitch };
