/** A gateway's one-shot questions (OpenID AuthZEN Authorization API 1.0), with a gateway token that is kept fresh. */
import { credentialOf, shown } from "./credential.ts";
import type { CredentialOptions } from "./credential.ts";
import { UnexpectedAnswer } from "./errors.ts";
import { bearer, holdToken, withToken } from "./held-token.ts";
import type { GivenToken } from "./held-token.ts";
import { readToken } from "./read-answer.ts";
import { withRetry } from "./retry.ts";
import { send, transportTo } from "./transport.ts";
import type { Transport, TransportOptions } from "./transport.ts";
import type { AuthorizeResponse } from "./wire.ts";

export interface GatewayOptions extends CredentialOptions, TransportOptions {
  /** Name of the gateway in the policy. */
  readonly gateway: string;
}

/** `docs/authzen.md` says what each of them means to the edge. */
export interface EvaluationRequest {
  readonly subject: { readonly type: string; readonly id: string; readonly properties?: object };
  readonly action: { readonly name: string; readonly properties?: object };
  readonly resource: { readonly type: string; readonly id: string; readonly properties?: object };
  readonly context?: object;
}

export interface Evaluation {
  readonly decision: boolean;
  readonly context?: {
    readonly reason?: string;
    readonly next?: string;
    /** The edge's whole answer; of a question that came to no session only decision, reason and message. */
    readonly agentpolicy?: Partial<AuthorizeResponse>;
  };
}

export interface GatewayClient {
  /** Fresh enough for a call now: for calls that this client doesn't make itself. */
  token(): Promise<string>;
  /**
   * One question, sent once. A `true` is admitted and counted: ask when it is about to be executed, and again only with
   * the same `context.agentpolicy.request_id`, which then counts once.
   */
  evaluate(request: EvaluationRequest, options?: { readonly signal?: AbortSignal }): Promise<Evaluation>;
}

/** Sends nothing yet. Throws a TypeError for an address, key or time-out that can't be. */
export function connectGateway(options: GatewayOptions): GatewayClient {
  const transport = transportTo(options);
  if (typeof options.gateway !== "string" || options.gateway === "")
    throw new TypeError("`gateway` must name a gateway");
  const credential = credentialOf(options.gateway, options, transport.origin);
  const token = holdToken(null, () => ask(transport, credential));
  return {
    token: () => token.fresh(),
    evaluate: (body, { signal } = {}) =>
      withToken(token, async (current) => {
        const call = { method: "POST" as const, path: "/access/v1/evaluation", headers: bearer(current), body, signal };
        return readEvaluation((await send(transport, call)).body);
      }),
  };
}

async function ask(transport: Transport, credential: () => Promise<string | null>): Promise<GivenToken> {
  const reply = await withRetry(async () =>
    send(transport, { method: "POST", path: "/v1/gateway/token", headers: shown(await credential()), body: {} }),
  );
  return readToken(reply.body);
}

/** Whatever isn't plainly `true` or `false` is an error, never permission. */
function readEvaluation(body: unknown): Evaluation {
  const decision: unknown = typeof body === "object" && body !== null ? Reflect.get(body, "decision") : undefined;
  if (typeof decision !== "boolean") throw new UnexpectedAnswer("the edge's answer has no `decision`");
  return body as Evaluation;
}
