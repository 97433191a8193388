/** An open session: asks, guards, follows approvals, and keeps its token fresh. */
import { become } from "./become.ts";
import type { BecomeOptions } from "./become.ts";
import type { Credential } from "./credential.ts";
import { freezeArgs } from "./freeze-args.ts";
import type { FrozenArgs } from "./freeze-args.ts";
import { guard } from "./guard.ts";
import type { Guarded, GuardOptions, Permission } from "./guard.ts";
import { bearer, type HeldToken, withToken } from "./held-token.ts";
import { readAnswer, readApproval, readRefusal, readTicket } from "./read-answer.ts";
import { reportOutcomes } from "./report-outcomes.ts";
import { withRetry } from "./retry.ts";
import { sessionToken } from "./session-token.ts";
import { send } from "./transport.ts";
import type { Call, Reply, Transport } from "./transport.ts";
import type {
  AuthorizeRequest,
  AuthorizeResponse,
  DelegationResponse,
  ElevationRequest,
  OpenSessionResponse,
  OutcomeRequest,
  OutcomeResponse,
  SessionState,
  WireApprovalState,
  WireRole,
} from "./wire.ts";

export interface AuthorizeOptions {
  /** What the action is on, where the agent wants to state it; must equal what the policy computes. */
  readonly resources?: readonly string[];
  /** The agent's own words, shown to approvers as such. */
  readonly intent?: string;
  /** The agent's own estimate, 0 to 1. */
  readonly confidence?: number;
  /** An approved approval to use. */
  readonly approval?: string;
  /** In a gateway's session: the tool as its server describes it now (`toolDigest`). */
  readonly toolSha256?: string;
  /** Spends once, however often it is sent; a fresh one unless given. */
  readonly requestId?: string;
  readonly signal?: AbortSignal;
}

export interface Session {
  readonly id: string;
  readonly agent: string;
  /** RFC 3339. */
  readonly expiresAt: string;
  /**
   * Asks whether one action may be executed now. Returns the edge's answer whatever it is; throws where there is
   * none. An `allow` is for these very arguments and no others.
   */
  authorize(action: string, args?: object, options?: AuthorizeOptions): Promise<AuthorizeResponse>;
  /** A function that asks, waits for people where the policy says so, and calls `fn` only on an allow. */
  guard<Args extends object, Result>(
    action: string,
    fn: (args: Args, permission: Permission) => Result | PromiseLike<Result>,
    options?: GuardOptions<Args>,
  ): Guarded<Args, Result>;
  /**
   * Tells what became of an action that this session was allowed, once: the same again changes nothing. A guarded
   * function's outcome is reported by itself. Labels are added to the session before this resolves.
   */
  outcome(outcome: OutcomeRequest): Promise<OutcomeResponse>;
  /** The approval's state; waits up to `wait` seconds (at most 60) while it is pending. */
  approval(id: string, options?: { readonly wait?: number; readonly signal?: AbortSignal }): Promise<WireApprovalState>;
  /** A ticket with which another agent opens a session below this one, once and within a minute. */
  delegate(agent: string): Promise<DelegationResponse>;
  /**
   * Asks people for a role that the policy lets this agent become, and waits for them. Once given, its rules and limits
   * count in this session until `until`.
   */
  become(role: string, reason: string, options?: BecomeOptions): Promise<WireRole>;
  /** Calls a question off that nobody needs an answer to any more. */
  withdraw(id: string): Promise<WireApprovalState>;
  /** Labels, limits left, roles. */
  state(): Promise<SessionState>;
  /** The session token, fresh enough for a call now: for calls that this client doesn't make itself. */
  token(): Promise<string>;
  close(): Promise<void>;
}

export function createSession(transport: Transport, credential: Credential, opened: OpenSessionResponse): Session {
  const { id, agent, expires_at: expiresAt } = opened.session;
  const token = sessionToken(transport, credential, opened);
  const call = callerWith(transport, token);
  const { approval, withdraw } = approvalCalls(call);
  const authorize = async (action: string, args: FrozenArgs, options: AuthorizeOptions): Promise<AuthorizeResponse> => {
    const body = authorizeBody(action, args, options);
    const reply = await call({ method: "POST", path: "/v1/authorize", body, signal: options.signal });
    return readAnswer(reply.body, { agent, session: id, action, args });
  };
  const outcome = async (body: OutcomeRequest): Promise<OutcomeResponse> =>
    (await call({ method: "POST", path: "/v1/outcomes", body })).body as OutcomeResponse;
  const state = async (): Promise<SessionState> =>
    (await call({ method: "GET", path: "/v1/session" })).body as SessionState;
  const askForRole = async (body: ElevationRequest, signal: AbortSignal | undefined): Promise<Reply> =>
    call({ method: "POST", path: "/v1/elevations", body, signal });
  const { report, settled } = reportOutcomes(outcome);
  return {
    id,
    agent,
    expiresAt,
    authorize: async (action, args = {}, options = {}) => authorize(action, freezeArgs(args), options),
    guard: (action, fn, options = {}) => guard({ authorize, approval, report }, action, fn, options),
    outcome,
    approval,
    withdraw,
    delegate: async (to) => {
      const reply = await call({ method: "POST", path: "/v1/session/delegations", body: { agent: to } });
      if (reply.status === 200) throw readRefusal(reply.body);
      return readTicket(reply.body);
    },
    become: async (role, reason, options = {}) =>
      become({ ask: askForRole, approval, state }, { role, reason }, options),
    state,
    token: () => token.fresh(),
    close: async () => {
      await settled();
      await call({ method: "DELETE", path: "/v1/session" });
    },
  };
}

type SessionCall = (request: Omit<Call, "headers">) => Promise<Reply>;

function callerWith(transport: Transport, token: HeldToken): SessionCall {
  return (request) =>
    withToken(token, (current) =>
      withRetry(() => send(transport, { ...request, headers: bearer(current) }), request.signal),
    );
}

function approvalCalls(call: SessionCall): Pick<Session, "approval" | "withdraw"> {
  const pathOf = (approval: string): string => `/v1/approvals/${encodeURIComponent(approval)}`;
  return {
    approval: async (id, { wait = 0, signal } = {}) => {
      const path = `${pathOf(id)}${wait > 0 ? `?wait=${wait}` : ""}`;
      return readApproval((await call({ method: "GET", path, signal, wait: wait * 1000 })).body, id);
    },
    withdraw: async (id) => readApproval((await call({ method: "DELETE", path: pathOf(id) })).body, id),
  };
}

function authorizeBody(action: string, args: FrozenArgs, options: AuthorizeOptions): AuthorizeRequest {
  return {
    action,
    args,
    request_id: options.requestId ?? crypto.randomUUID(),
    ...(options.resources === undefined ? {} : { resources: options.resources }),
    ...(options.intent === undefined ? {} : { intent: options.intent }),
    ...(options.confidence === undefined ? {} : { confidence: options.confidence }),
    ...(options.approval === undefined ? {} : { approval: options.approval }),
    ...(options.toolSha256 === undefined ? {} : { tool_sha256: options.toolSha256 }),
  };
}
