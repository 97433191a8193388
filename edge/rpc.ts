/**
 * What the Worker and the objects say to each other. Shapes stay compatible both ways: after a deploy, old and new
 * code talk for a while. Every call carries the policy's sequence number; a lower one than seen is `policy_stale`.
 */
import type { Remainder, Requester } from "../engine/index.ts";
import type { ApprovalStatus, WireApproval, WireApprovalState, WireSwitch } from "../sdk/index.ts";

/** Refusals that are not policy answers; the Worker turns each into a problem. */
export type Refusal =
  | { readonly refused: "policy_stale" }
  | { readonly refused: "not_found" }
  | { readonly refused: "request_id_reused" }
  | { readonly refused: "flood"; readonly retry_after: number }
  | { readonly refused: "conflict"; readonly detail: string }
  | { readonly refused: "replayed_credential" }
  | { readonly refused: "forbidden"; readonly detail: string };

// -- session ----------------------------------------------------------------------------------------------------

export interface OpenInput {
  readonly sequence: number;
  readonly policy: string;
  readonly session: string;
  readonly agent: string;
  readonly environment: string;
  readonly requester: Requester | null;
  /** Vouched for (`language.md`, section 8), else null. */
  readonly task: string | null;
  readonly client: string | null;
  readonly starts_with: readonly string[];
  /** Milliseconds. */
  readonly lifetime: number;
  readonly idle: number;
  readonly lease: number;
  readonly retain: number;
  /** Replay key of the credential and when it may be forgotten (UTC ms). */
  readonly credential: { readonly key: string; readonly expires: number };
  /** Replay key of the requester's token. */
  readonly requester_credential: { readonly key: string; readonly expires: number } | null;
}

export type OpenOutput =
  | { readonly opened: true; readonly expires_at: number; readonly idle_expires_at: number }
  /** A policy answer: `killed`, `limit_exceeded`. */
  | { readonly opened: false; readonly reason: "killed" | "limit_exceeded" | "overloaded"; readonly retry_after: number | null }
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
  /** The Worker's clock, UTC ms. */
  readonly at: number;
  readonly intent: string | null;
  readonly confidence: number | null;
  readonly trace: string | null;
  readonly remainder: Remainder;
  /** For each approval that the remainder names: what the approver page says of the agent and action. */
  readonly describe: { readonly owner: string; readonly purpose: string; readonly recovery: string | null };
  readonly settings: { readonly lease: number; readonly idle: number };
}

/** The stored answer: what the Worker turns into the response and the permit, the same for every retry. */
export interface Answer {
  readonly decision: "allow" | "ask" | "deny";
  readonly decision_id: string;
  readonly tier: "allow" | "notify" | "ask" | "never";
  readonly reason: string;
  readonly message: string;
  readonly rules: readonly { readonly id: string; readonly tier: string; readonly via: string | null; readonly doc: string | null }[];
  readonly resources: readonly string[];
  readonly limits: readonly { readonly id: string; readonly limit: string; readonly remaining: string; readonly resets_at: number | null }[];
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
  readonly unknown: readonly string[];
  readonly approval: { readonly id: string; readonly status: ApprovalStatus; readonly expires_at: number } | null;
  readonly retry_after: number | null;
  /** Everything that the permit needs, so that a retry signs the same bytes (Ed25519 is deterministic). */
  readonly permit: { readonly jti: string; readonly iat: number; readonly exp: number; readonly policy: string; readonly sequence: number } | null;
  readonly policy: string;
  readonly sequence: number;
  readonly request_digest: string;
}

export type AuthorizeOutput = { readonly answer: Answer } | Refusal;

export interface VoteInput {
  readonly sequence: number;
  readonly approval: string;
  readonly voter: PersonRef;
  /** Approvals of today's policy that this person may give, by name, with quorum and rules of today. */
  readonly standing: readonly ApprovalStanding[];
  readonly decision: "approve" | "deny";
  readonly reason: string | null;
  readonly request_digest: string;
}

export interface PersonRef {
  /** `iss` and `sub` identify a person; `email` is for showing and matching. */
  readonly iss: string;
  readonly sub: string;
  readonly email: string | null;
  readonly groups: readonly string[];
}

export interface ApprovalStanding {
  readonly approval: string;
  readonly approvers: readonly string[];
  readonly requester: boolean;
  readonly quorum: number;
  readonly reason_required: boolean;
  readonly excluding: readonly string[];
}

// -- agent ------------------------------------------------------------------------------------------------------

export interface AgentOpenInput {
  readonly sequence: number;
  readonly session: string;
  readonly credential: { readonly key: string; readonly expires: number };
  readonly lease: number;
  /** When the session ends at the latest (UTC ms). */
  readonly until: number;
}

export type AgentOpenOutput =
  | { readonly opened: true; readonly lease: Lease; readonly sequence: number }
  | { readonly opened: false; readonly reason: "killed" | "limit_exceeded"; readonly retry_after: number | null }
  | Refusal;

/** Time counts from when the renewal was sent, by the holder's own clock. */
export interface Lease {
  readonly epoch: number;
  /** Milliseconds from the holder's sending. */
  readonly valid_for: number;
}

export interface ReserveItem {
  readonly counter: string;
  readonly key: string;
  readonly amount: string;
  readonly n: string;
  readonly window: number | null;
  /** Admit beyond N: an approval stands for it. */
  readonly beyond: boolean;
}

export interface ReserveInput {
  readonly sequence: number;
  readonly session: string;
  readonly request_id: string;
  readonly items: readonly ReserveItem[];
}

export type ReserveOutput =
  | { readonly reserved: boolean; readonly items: readonly { readonly used: string; readonly over: boolean; readonly admits_at: number | null }[] }
  | Refusal;

// -- switchboard ------------------------------------------------------------------------------------------------

export type SwitchScope = "fleet" | "agent" | "session";

export interface SwitchDocument {
  readonly epoch: number;
  readonly at: number;
  /** `fleet` has the name `*`. Session switches are not here. */
  readonly killed: readonly { readonly scope: "fleet" | "agent"; readonly name: string }[];
}

export interface FlipInput {
  readonly sequence: number;
  readonly scope: SwitchScope;
  readonly name: string;
  readonly reason: string;
  readonly by: PersonRef;
}

export type { ApprovalStatus, WireApproval, WireApprovalState, WireSwitch };
