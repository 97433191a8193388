/** What goes over HTTP between agents, people and the edge (`docs/http-api.md`). Times are RFC 3339 in UTC. */

export interface OpenSessionRequest {
  /** A gateway's alone: the agent that it asks for. */
  readonly agent?: string;
  readonly requester_token?: string;
  readonly task?: string;
  readonly ticket?: string;
  readonly client?: string;
}

export interface OpenSessionResponse {
  readonly session: SessionInfo;
  readonly token: string;
  readonly token_expires_at: string;
}

export interface SessionInfo {
  readonly id: string;
  readonly root: string;
  readonly agent: string;
  readonly expires_at: string;
  readonly idle_expires_at: string;
  readonly depth: number;
}

export interface DelegationResponse {
  /** For one opening by the agent it was asked for, within a minute. */
  readonly ticket: string;
  readonly expires_at: string;
}

export interface SessionTokenResponse {
  readonly token: string;
  readonly token_expires_at: string;
}

export interface SessionState extends SessionInfo {
  readonly status: "open" | "frozen" | "closed" | "expired";
  readonly requester: string | null;
  readonly calls: number;
  readonly labels: readonly string[];
  /** Gained for a while, with their end. */
  readonly roles: readonly WireRole[];
  readonly limits: readonly WireLimit[];
}

export interface AuthorizeRequest {
  readonly action: string;
  readonly args?: { readonly [name: string]: unknown };
  readonly request_id: string;
  readonly resources?: readonly string[];
  readonly intent?: string;
  readonly confidence?: number;
  readonly approval?: string;
  /** False: an `allow` comes without its permit. */
  readonly permit?: boolean;
  /** A gateway's alone: 64 hex digits over the tool as its server describes it now. */
  readonly tool_sha256?: string;
}

export interface AuthorizeResponse {
  readonly decision: "allow" | "ask" | "deny";
  readonly decision_id: string;
  readonly reason: string;
  readonly message: string;
  readonly rules: readonly WireRule[];
  readonly resources: readonly string[];
  /** Only with `allow`. */
  readonly tier?: "allow" | "notify";
  readonly permit?: string;
  readonly permit_expires_at?: string;
  /** Only with `ask`, and with the refusals that concern one. */
  readonly approval?: WireApprovalRef;
  readonly limits?: readonly WireLimit[];
  /** Only with `invalid_argument`. */
  readonly errors?: readonly WireFault[];
  /** Facts that were unknown, where that mattered. */
  readonly unknown?: readonly string[];
  readonly retry_after?: number;
  readonly policy: string;
  readonly sequence: number;
  readonly request_digest: string;
}

export interface WireRole {
  readonly role: string;
  readonly until: string;
}

export interface ElevationRequest {
  readonly role: string;
  /** The agent's own words, shown to approvers as such. */
  readonly reason: string;
}

/** What became of an admitted action. */
export interface OutcomeRequest {
  readonly decision_id: string;
  readonly status: "ok" | "error";
  /** Of what came back, as the caller computes it: `sha256:` and 64 hex digits. */
  readonly digest?: string;
  /** Labels that the session takes on with it. */
  readonly labels?: readonly string[];
}

export interface OutcomeResponse {
  readonly decision_id: string;
  readonly status: "ok" | "error";
  /** Of the session, after it. */
  readonly labels: readonly string[];
}

export interface WireRule {
  readonly id: string;
  readonly tier: "allow" | "notify" | "ask" | "never" | "limit";
  readonly via?: string;
  readonly doc?: string;
  /** As the policy says it; where people are asked for a role, and of a limit that asks. */
  readonly text?: string;
}

export interface WireLimit {
  readonly id: string;
  /** Whose, where it isn't that of the agent that acts: below another session each above pays its own. */
  readonly agent?: string;
  readonly limit: string;
  readonly remaining: string;
  readonly resets_at: string | null;
}

export interface WireFault {
  readonly pointer: string;
  readonly detail: string;
}

export interface WireApprovalRef {
  readonly id: string;
  readonly status: ApprovalStatus;
  readonly expires_at: string;
  readonly url: string;
}

export type ApprovalStatus = "pending" | "approved" | "used" | "denied" | "expired" | "cancelled";

/** What the asker sees; approvers see `WireApproval`. */
export interface WireApprovalState extends WireApprovalRef {
  readonly needs: readonly WireNeed[];
  readonly reason: string | null;
}

export interface WireNeed {
  readonly approval: string;
  readonly quorum: number;
  readonly votes: number;
  /** There where whoever approves must say why. */
  readonly reason_required?: true;
}

/** The whole request, as an approver sees it. Nothing is truncated. */
export interface WireApproval extends WireApprovalState {
  readonly session: string;
  readonly agent: string;
  /** The agents above it, the root's first; absent where none stands above. */
  readonly callers?: readonly string[];
  /** Which gateway asked for it; absent: the agent itself. */
  readonly gateway?: string;
  readonly owner: string;
  readonly purpose: string;
  readonly requester: string | null;
  /** `become ROLE` where a role is asked for. */
  readonly action: string;
  /** Where a role is asked for, and for how long: `30m`. */
  readonly elevation?: { readonly role: string; readonly for: string };
  readonly resources: readonly string[];
  /** `secret` values as `{ "secret": { "kind": "secret", "length": n, "hmac_sha256": "…" } }`. */
  readonly args: { readonly [name: string]: unknown };
  readonly rules: readonly WireRule[];
  readonly labels: readonly string[];
  readonly recovery: string | null;
  /** The agent's own words; never to be rendered as anything but text. */
  readonly intent: string | null;
  readonly task: string | null;
  readonly request_digest: string;
  readonly asked_at: string;
}

export interface ApprovalDecisionRequest {
  readonly decision: "approve" | "deny";
  readonly reason?: string;
  readonly request_digest: string;
}

export interface WireSwitch {
  readonly id: string;
  readonly scope: "fleet" | "agent" | "role" | "action" | "class" | "requester" | "session";
  readonly name: string;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
  readonly lifted: { readonly by: string; readonly reason: string; readonly at: string } | null;
}

/** As lists of switches show it. */
export interface ListedSwitch extends WireSwitch {
  readonly sessions_reached: number;
  readonly sessions_pending: number;
  /** False where the policy in force has nothing of this name any more: the switch stops nothing. */
  readonly in_policy: boolean;
}

export interface FlipResponse {
  readonly switch: WireSwitch;
  readonly sessions_reached: number;
  readonly sessions_pending: number;
}

/** RFC 9457. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly WireFault[];
}
