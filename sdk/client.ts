/** `connect` names an edge and an agent; `open` starts a session, in which everything else happens. */
import { credentialOf, shown } from "./credential.ts";
import type { Credential, CredentialOptions } from "./credential.ts";
import { UnexpectedAnswer } from "./errors.ts";
import { readOpened, readRefusal } from "./read-answer.ts";
import { withRetry } from "./retry.ts";
import { createSession } from "./session.ts";
import type { Session } from "./session.ts";
import { send, transportTo } from "./transport.ts";
import type { Reply, Transport, TransportOptions } from "./transport.ts";
import type { OpenSessionRequest } from "./wire.ts";

export interface ConnectOptions extends CredentialOptions, TransportOptions {
  /** Name of the agent in the policy. */
  readonly agent: string;
  /** Name of the gateway that asks for the agent; the key or credential is then the gateway's. */
  readonly gateway?: string;
}

/** A session below another has the task and the requester of the root: with `ticket` neither is given. */
export interface OpenOptions {
  /** From `delegate` of a session of another agent, which may call this one. Good once. */
  readonly ticket?: string;
  /** What the run is for. Counts as a fact only where the policy says who vouches for it. */
  readonly task?: string;
  /** Token of the person on whose behalf the agent works, from the policy's issuer of requesters. */
  readonly requesterToken?: string;
  /** Name and version of the calling program, for the records. */
  readonly client?: string;
  readonly signal?: AbortSignal;
}

export interface Client {
  /** Throws `InvalidKey`, `Denied` (`Killed`, `LimitExceeded`), `Unauthenticated`, `EdgeUnreachable` and the other errors of this package. */
  open(options?: OpenOptions): Promise<Session>;
}

/** An agent's connection; sends nothing yet. Throws a TypeError for an address, key or time-out that can't be. */
export function connect(options: ConnectOptions): Client {
  const transport = transportTo(options);
  if (typeof options.agent !== "string" || options.agent === "") throw new TypeError("`agent` must name an agent");
  const { agent, gateway } = options;
  const credential = credentialOf(gateway ?? agent, options, transport.origin);
  const opener: Opener = { credential, gateway: gateway !== undefined };
  return { open: (openOptions = {}) => open(transport, agent, opener, openOptions) };
}

interface Opener {
  readonly credential: Credential;
  readonly gateway: boolean;
}

async function open(
  transport: Transport,
  agent: string,
  { credential, gateway }: Opener,
  options: OpenOptions,
): Promise<Session> {
  const body: OpenSessionRequest = {
    ...(gateway ? { agent } : {}),
    ...(options.task === undefined ? {} : { task: options.task }),
    ...(options.requesterToken === undefined ? {} : { requester_token: options.requesterToken }),
    ...(options.ticket === undefined ? {} : { ticket: options.ticket }),
    ...(options.client === undefined ? {} : { client: options.client }),
  };
  const attempt = async (): Promise<Reply> => {
    const headers = shown(await credential());
    return send(transport, { method: "POST", path: "/v1/sessions", headers, body, signal: options.signal });
  };
  // A requester's token and a ticket open one session. If the answer to the first attempt was lost, a second one would
  // be refused for that, and the caller would read "not authenticated" instead of what happened.
  const reply =
    options.requesterToken === undefined && options.ticket === undefined
      ? await withRetry(attempt, options.signal)
      : await attempt();
  if (reply.status === 200) throw readRefusal(reply.body);
  if (reply.status !== 201) throw new UnexpectedAnswer(`the edge answered an opening with status ${reply.status}`);
  return createSession(transport, credential, readOpened(reply.body, agent));
}
