/** An open session: asks, guards, follows approvals, and keeps its token fresh. */
import { Unauthenticated } from "./errors.ts";
import { freezeArgs } from "./freeze-args.ts";
import type { FrozenArgs } from "./freeze-args.ts";
import { guard } from "./guard.ts";
import type { Guarded, GuardOptions, Permission } from "./guard.ts";
import { readAnswer, readApproval, readRefusal, readToken } from "./read-answer.ts";
import { withRetry } from "./retry.ts";
import { send } from "./transport.ts";
import type { Call, Reply, Transport } from "./transport.ts";
import type {
  AuthorizeRequest,
  AuthorizeResponse,
  OpenSessionResponse,
  SessionState,
  WireApprovalState,
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
  /** The approval's state; waits up to `wait` seconds (at most 60) while it is pending. */
  approval(id: string, options?: { readonly wait?: number; readonly signal?: AbortSignal }): Promise<WireApprovalState>;
  /** Calls a question off that nobody needs an answer to any more. */
  withdraw(id: string): Promise<WireApprovalState>;
  /** Labels, limits left, roles. */
  state(): Promise<SessionState>;
  /** The session token, fresh enough for a call now: for calls that this client doesn't make itself. */
  token(): Promise<string>;
  close(): Promise<void>;
}

/** A token is renewed when less than this is left of it. */
const RENEW_BEFORE = 60_000;

interface Held {
  readonly token: string;
  readonly renewAt: number;
}

export function createSession(
  transport: Transport,
  assertion: () => Promise<string>,
  opened: OpenSessionResponse,
): Session {
  let held: Held = hold(opened);
  let renewal: Promise<void> | null = null;

  const renew = (): Promise<void> => {
    renewal ??= renewToken(transport, assertion, held.token)
      .then((fresh) => {
        held = fresh;
      })
      .finally(() => {
        renewal = null;
      });
    return renewal;
  };

  const call = async (request: Omit<Call, "headers">): Promise<Reply> => {
    if (Date.now() >= held.renewAt) await renew();
    const attempt = (): Promise<Reply> =>
      withRetry(() => send(transport, { ...request, headers: bearer(held.token) }), request.signal);
    const used = held.token;
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Unauthenticated)) throw error;
      // This machine's clock may be slow, so that the token ended unnoticed. One fresh token, then a no stands.
      if (held.token === used) await renew();
      return attempt();
    }
  };

  const { id, agent } = opened.session;

  const authorize = async (action: string, args: FrozenArgs, options: AuthorizeOptions): Promise<AuthorizeResponse> => {
    const body = authorizeBody(action, args, options);
    const reply = await call({ method: "POST", path: "/v1/authorize", body, signal: options.signal });
    return readAnswer(reply.body, { agent, session: id, action, args });
  };

  const approval: Session["approval"] = async (name, options = {}) => {
    const wait = options.wait ?? 0;
    const path = `/v1/approvals/${encodeURIComponent(name)}${wait > 0 ? `?wait=${wait}` : ""}`;
    const reply = await call({ method: "GET", path, signal: options.signal, wait: wait * 1000 });
    return readApproval(reply.body, name);
  };

  return {
    id,
    agent,
    expiresAt: opened.session.expires_at,
    authorize: async (action, args = {}, options = {}) => authorize(action, freezeArgs(args), options),
    guard: (action, fn, options = {}) => guard({ authorize, approval }, action, fn, options),
    approval,
    withdraw: async (name) => {
      const path = `/v1/approvals/${encodeURIComponent(name)}`;
      return readApproval((await call({ method: "DELETE", path })).body, name);
    },
    state: async () => (await call({ method: "GET", path: "/v1/session" })).body as SessionState,
    token: async () => {
      if (Date.now() >= held.renewAt) await renew();
      return held.token;
    },
    close: async () => {
      await call({ method: "DELETE", path: "/v1/session" });
    },
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
  };
}

async function renewToken(transport: Transport, assertion: () => Promise<string>, token: string): Promise<Held> {
  const reply = await withRetry(async () =>
    send(transport, {
      method: "POST",
      path: "/v1/session/token",
      headers: { ...bearer(await assertion()), "session-token": token },
      body: {},
    }),
  );
  if (isDenial(reply.body)) throw readRefusal(reply.body);
  return hold(readToken(reply.body));
}

function isDenial(body: unknown): boolean {
  return typeof body === "object" && body !== null && "decision" in body;
}

function hold(token: { readonly token: string; readonly token_expires_at: string }): Held {
  return { token: token.token, renewAt: Date.parse(token.token_expires_at) - RENEW_BEFORE };
}

function bearer(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}
