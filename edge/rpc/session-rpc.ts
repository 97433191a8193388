/** The face of `SessionObject`. */
import type { Approval, Breaker, Group, Reason, Remainder, Requester } from "../../engine/index.ts";
import type { ApprovalStatus } from "../../sdk/index.ts";
import type { RequestFacts } from "../records/record.ts";
import type { Caller, Credential, Link, PersonRef, Refusal } from "./caller.ts";
import type {
  DelegateInput,
  DelegateOutput,
  OpenBelowInput,
  OpenBelowOutput,
  TicketInput,
  TicketOutput,
} from "./delegation-rpc.ts";
import type { ElevateInput, ElevateOutput, Offers, OffersNow } from "./elevation-rpc.ts";
import type { LearnInput, LearnOutput } from "./switchboard-rpc.ts";

/** One object per root session, for it and all that is opened below; its name is the root's id. */
export interface SessionRpc {
  /** Once per session id. `conflict` when it was opened already. */
  open(input: OpenInput): Promise<OpenOutput>;
  authorize(input: AuthorizeInput): Promise<AuthorizeOutput>;
  /** A ticket for one session below the caller's. `conflict` where the tree has no room for one of this agent. */
  delegate(input: DelegateInput): Promise<DelegateOutput>;
  /** Where a session opened with the ticket would stand. `forbidden` for any ticket that isn't good for this agent now. */
  ticket(input: TicketInput): Promise<TicketOutput>;
  /** Opens the session that the ticket is for, and uses it up; a refused opening leaves it good. */
  openBelow(input: OpenBelowInput): Promise<OpenBelowOutput>;
  /** Uses a permit up: once, and not after a kill. */
  redeem(input: RedeemInput): Promise<RedeemOutput | Refusal>;
  /** Which of these would be allowed now; spends and records nothing. */
  peek(input: { readonly requests: readonly AuthorizeInput[] }): Promise<PeekOutput>;
  /** For `POST /v1/session/token`: uses up the credential and says whether the session still lives. */
  refresh(input: Caller & { readonly credential: Credential; readonly lease: number }): Promise<RefreshOutput>;
  state(input: Caller): Promise<SessionView | Refusal>;
  /** Closing again changes nothing. */
  close(input: Caller): Promise<SessionView | Refusal>;
  /** Asks people for a role for a while; what is asked for already is answered with the same approval. */
  elevate(input: ElevateInput): Promise<ElevateOutput>;
  /** `not_found` where this very session wasn't allowed it; `conflict` where another outcome was reported before. */
  outcome(input: OutcomeInput): Promise<OutcomeOutput>;
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
  /** What stands beside these records, in their order; null where there is nothing (any more). For exports. */
  argumentsOf(input: { readonly seqs: readonly number[] }): Promise<{ readonly args: readonly (string | null)[] }>;
  /** Hands over to the ledger what waits for it, if that can be reached. */
  anchor(): Promise<{ readonly done: true }>;
  /** Removes the arguments of one record and leaves the chain whole; is itself a record. */
  eraseArguments(input: {
    readonly sequence: number;
    readonly seq: number;
    readonly by: PersonRef;
    readonly reason: string;
  }): Promise<{ readonly erased: boolean } | Refusal>;
  /** From the Switchboard (session switches) and from the agent's object (the others). Committed when it answers. */
  learnSwitches(input: LearnInput): Promise<LearnOutput>;
  /** From the agent's object: what became of these reservations? */
  settle(input: { readonly reservations: readonly string[] }): Promise<SettleOutput>;
}

/** What every opening says, of a root or below another. */
export interface SessionStart {
  readonly policy: string;
  readonly client: string | null;
  /** Which gateway opens it; absent: the agent itself. */
  readonly gateway?: string;
  readonly starts_with: readonly string[];
  /** At most 24 h, and no longer than the session above it lives. */
  readonly lifetime: number;
  readonly idle: number;
  /** At least 5 s, else it is taken as 5 s. */
  readonly lease: number;
  /** What the policy says of opening (`matchOpening`); no limit in it: 10 open and 60 an hour. */
  readonly opening: Remainder;
  readonly credential: Credential;
}

export interface OpenInput extends SessionStart {
  readonly sequence: number;
  readonly session: string;
  readonly agent: string;
  readonly environment: string;
  readonly requester: Requester | null;
  /** Who the requester is at the identity provider: so that nobody approves a request of their own. */
  readonly requester_person: { readonly iss: string; readonly sub: string } | null;
  /** Vouched for (`docs/language.md`, "Agents"), else null. */
  readonly task: string | null;
  /** As it may be stored in a record and shown. Absent where an older Worker asks. */
  readonly task_shown?: string | null;
  readonly retain: number;
  readonly requester_credential: Credential | null;
}

export type OpenOutput =
  | { readonly opened: true; readonly expires_at: number; readonly idle_expires_at: number }
  /** A policy answer. */
  | {
      readonly opened: false;
      readonly reason: Reason;
      readonly message: string;
      readonly retry_after: number | null;
    }
  | Refusal;

export interface AuthorizeInput {
  readonly sequence: number;
  readonly session: string;
  readonly agent: string;
  /** Which gateway asks; absent: the agent itself. */
  readonly gateway?: string;
  /** From the root to the session; absent for a root. */
  readonly chain?: readonly Link[];
  readonly request_id: string;
  /** What stands in the record of it, as far as it may be stored. Absent where an older Worker asks. */
  readonly said?: { readonly action: string; readonly request_id: string; readonly approval: string | null };
  /** SHA-256 over action, args, resources, approval: the same id must come with the same digest. */
  readonly request_digest: string;
  /** SHA-256 hex of the canonical arguments. */
  readonly args_sha256: string;
  /** Canonical JSON (RFC 8785) of the arguments, values of `secret` parameters replaced by length and digest. */
  readonly args: string;
  /**
   * What the engine's `canonicalArgs` gives, for `session did … same`; null where the arguments have faults. Secrets
   * are in it as they are: only a MAC of each argument is kept.
   */
  readonly canonical_args: string | null;
  /** Whether an agent's approver could be shown them: false over 16 KiB. */
  readonly reviewable: boolean;
  readonly approval: string | null;
  /** The Worker's clock; more than 5 s away from the object's is refused (`overloaded`). */
  readonly at: number;
  readonly intent: string | null;
  readonly confidence: number | null;
  readonly trace: string | null;
  /** For the record: what deciding it again needs. Absent where an older Worker asks. */
  readonly facts?: RequestFacts;
  readonly remainder: Remainder;
  /** The remainder's, as they may be stored and shown. Absent where an older Worker asks. */
  readonly resources_shown?: readonly string[];
  /** What the engine's `classesOf` gives: a switch for any of them stops the request. */
  readonly classes: readonly string[];
  /** What the approver page says of the agent and action. `owner` also serves `excluding owners`. */
  readonly describe: {
    readonly owner: string;
    /** Of every agent of the chain, the root's first; absent: that one alone. */
    readonly owners?: readonly string[];
    readonly purpose: string;
    readonly recovery: string | null;
  };
  /**
   * Today's groups that `remainder.approvals` name as approvers, and the owner's where it is one. May be empty when
   * `approval` is null: votes are weighed again only at use.
   */
  readonly groups: readonly Group[];
  readonly settings: { readonly lease: number; readonly idle: number };
  /** Today's. Absent where an older Worker asks. */
  readonly breakers?: readonly Breaker[];
  /** Roles that the policy offers the agent today. Absent where an older Worker asks: then none. */
  readonly offers?: Offers;
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
    /** In the question for a role, where the rules are all that people see of it, and of a limit that asks. */
    readonly text?: string;
  }[];
  readonly resources: readonly string[];
  readonly limits: readonly {
    readonly id: string;
    /** Whose, where it isn't that of the agent that acts: below another session each above pays its own. */
    readonly agent?: string;
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

export interface RedeemInput {
  readonly sequence: number;
  readonly session: string;
  readonly jti: string;
  /** Of the permit. */
  readonly expires: number;
  readonly action: string;
  /** All that the action may be of, and the agent's roles: a switch for any of them stops it. */
  readonly classes: readonly string[];
  readonly roles: readonly string[];
  /** Signed under another policy, by which classes and roles may have been others: then one for any stops it. */
  readonly earlier: boolean;
  readonly lease: number;
}

export type RedeemOutput =
  | { readonly redeemed: true }
  | { readonly redeemed: false; readonly reason: "overloaded" | "killed" | "already_used"; readonly message: string };

/** In the order asked; `ended` where the session is over, so that nothing is. */
export type PeekOutput = { readonly allowed: readonly boolean[]; readonly ended: boolean } | Refusal;

export type AuthorizeOutput = { readonly answer: Answer } | Refusal;

export interface OutcomeInput extends Caller {
  readonly decision: string;
  readonly status: "ok" | "error";
  readonly digest: string | null;
  /** Declared in today's policy. */
  readonly labels: readonly string[];
  readonly breakers: readonly Breaker[];
}

export type OutcomeOutput = { readonly reported: true; readonly labels: readonly string[] } | Refusal;

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
  /** Sessions above it. */
  readonly depth: number;
  readonly requester: string | null;
  readonly status: SessionStatus;
  readonly expires_at: number;
  readonly idle_expires_at: number;
  /** Admitted actions. */
  readonly calls: number;
  readonly labels: readonly string[];
  /** Gained, since when and with their end. */
  readonly roles: readonly { readonly role: string; readonly gained_at: number; readonly until: number }[];
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
  /** Today's of every agent of the view's `chain`; absent: that one alone. */
  readonly owners?: readonly string[];
  /** What today's policy offers the view's `agent`; absent: nothing. */
  readonly offers?: OffersNow;
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
  /** Which gateway asked for it; absent: the agent itself, or a session below. */
  readonly gateway?: string;
  /** The agents from the root to this one; absent for a root. */
  readonly chain?: readonly string[];
  readonly owner: string;
  readonly purpose: string;
  readonly requester: string | null;
  readonly action: string;
  /** Set where a role is asked for; `action` then says so in words. */
  readonly elevation?: { readonly role: string; readonly duration: number };
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
