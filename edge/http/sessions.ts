/** Sessions: opening one with an agent's credential, keeping its token fresh, looking at it, closing it. */
import * as z from "zod/mini";
import { OPENING, matchOpening } from "../../engine/index.ts";
import type { Agent, Remainder, Requester, Table } from "../../engine/index.ts";
import type { OpenSessionResponse, SessionState, SessionTokenResponse } from "../../sdk/index.ts";
import { claimsLookedFor } from "../identity/groups.ts";
import { verifyRequester } from "../identity/requester.ts";
import type { VerifiedRequester } from "../identity/requester.ts";
import { signSessionToken } from "../identity/session-token.ts";
import type { SessionClaims } from "../identity/session-token.ts";
import { newSessionId } from "../ids.ts";
import { sessionOf } from "../objects/env.ts";
import { sha256Hex } from "../digest.ts";
import type { OpenInput, SessionView } from "../rpc.ts";
import { shieldMessage, shieldSwitch } from "../switches/shield.ts";
import { wireLimit } from "./answer.ts";
import { askObject } from "./ask-object.ts";
import { openSessionBody } from "./bodies.ts";
import { momentOf, requireClient, requireRenewedSession, requireSession, trustIssuer } from "./callers.ts";
import { rfc3339 } from "./context.ts";
import type { AppContext } from "./context.ts";
import { openerOf } from "./gateways.ts";
import type { Opener } from "./gateways.ts";
import { HttpProblem, malformed, retryAfter, unauthenticated } from "./problem.ts";
import { platformFacts } from "./platform-facts.ts";
import { readBody } from "./read-body.ts";

type OpenBody = z.output<typeof openSessionBody>;

/** `POST /v1/sessions`: 201, or 200 with a policy's no. */
export async function openSession(c: AppContext): Promise<Response> {
  const { deployment, now } = c.var;
  const client = await requireClient(c);
  const body = await readBody(c.req.raw, openSessionBody);
  const opener = await openerOf(c, client, body.agent);
  const { agent, gateway } = opener;
  if (body.ticket !== undefined) throw malformed("delegation by ticket is not supported yet", "/ticket");
  const requester = await readRequester(c, agent, body.requester_token);
  const refusal = await refusalBefore(c, agent, requester);
  if (refusal !== null) return openRefused(c, refusal);
  const input = openInput(c, opener, requester, body);
  const opened = await askObject(() => sessionOf(c.env, input.session).open(input));
  if (!opened.opened) return openRefused(c, opened);
  const claims: SessionClaims = {
    session: input.session,
    root: input.session,
    agent: agent.name,
    environment: deployment.environment,
    chain: [{ session: input.session, agent: agent.name }],
    requester: input.requester,
    gateway,
  };
  const { token, expires } = await signSessionToken(deployment.sessions, claims, now);
  const response: OpenSessionResponse = {
    session: {
      id: input.session,
      root: input.session,
      agent: agent.name,
      expires_at: rfc3339(opened.expires_at),
      idle_expires_at: rfc3339(opened.idle_expires_at),
      depth: 0,
    },
    token,
    token_expires_at: rfc3339(expires),
  };
  return c.json(response, 201);
}

async function readRequester(
  c: AppContext,
  agent: Agent,
  token: string | undefined,
): Promise<VerifiedRequester | null> {
  if (token === undefined) return null;
  const verified = await trustIssuer(() => verifyRequester(c.var.deployment, token, agent.name, momentOf(c)));
  if (verified !== null) return verified;
  throw unauthenticated(
    "`requester_token` must come from the policy's issuer of `requesters` and name this agent in `azp` or `act.sub`",
  );
}

export interface OpenRefusal {
  readonly reason: string;
  readonly message: string;
  readonly retry_after: number | null;
}

/** What the table and the shield decide without an object. */
export async function refusalBefore(
  c: AppContext,
  agent: Agent,
  requester: VerifiedRequester | null,
): Promise<OpenRefusal | null> {
  const { now } = c.var;
  if (now >= agent.review_by)
    return refuse("review_overdue", `the review of \`${agent.name}\` is overdue; its owner renews it in the policy`);
  if (agent.requester_required && requester === null)
    return refuse("requester_missing", `\`${agent.name}\` works only for a person; send their \`requester_token\``);
  const asked = { agent: agent.name, requester: requester?.requester.id ?? null, action: OPENING.name, classes: [] };
  const stopped = await shieldSwitch(c.env.SWITCHES, asked, now);
  return stopped === null ? null : refuse("killed", shieldMessage(stopped));
}

function refuse(reason: string, message: string): OpenRefusal {
  return { reason, message, retry_after: null };
}

function openRefused(c: AppContext, { reason, message, retry_after }: OpenRefusal): Response {
  const { table, sequence } = c.var.deployment;
  const retry = retry_after === null ? {} : { retry_after };
  return c.json(
    { decision: "deny", reason, message, ...retry, policy: table.hash, sequence },
    200,
    retryAfter(retry_after),
  );
}

export function openInput(
  c: AppContext,
  { agent, gateway, credential }: Opener,
  requester: VerifiedRequester | null,
  body: OpenBody,
  session = newSessionId(),
): OpenInput {
  const { deployment } = c.var;
  const { settings } = deployment.table.body;
  // Anybody's word would do to satisfy `task mentions`, so a task that nobody vouches for isn't one.
  const vouched = requester !== null || agent.task_from_client;
  return {
    sequence: deployment.sequence,
    policy: deployment.table.hash,
    session,
    agent: agent.name,
    environment: deployment.environment,
    requester: requester === null ? null : withClaims(requester.requester, deployment.table),
    requester_person: requester?.person ?? null,
    task: vouched ? (body.task ?? null) : null,
    client: body.client ?? null,
    ...(gateway === null ? {} : { gateway }),
    starts_with: agent.starts_with,
    lifetime: settings.session.lifetime,
    idle: settings.session.idle,
    lease: settings.lease,
    retain: settings.retain,
    opening: openingRemainder(c, agent, session, requester),
    credential,
    requester_credential: requester?.credential ?? null,
  };
}

/** Its record says which claims were looked for, found or not. */
function withClaims(requester: Requester, table: Table): Requester {
  return { ...requester, claims: claimsLookedFor(requester.claims, table) };
}

/** Opening is itself the action `session.open`, which rules may forbid and limits count. */
function openingRemainder(
  c: AppContext,
  agent: Agent,
  session: string,
  requester: VerifiedRequester | null,
): Remainder {
  const { deployment, now } = c.var;
  return matchOpening(deployment.policy, {
    agent: agent.name,
    session,
    environment: deployment.environment,
    ...(requester === null ? {} : { requester: requester.requester }),
    action: OPENING.name,
    args: {},
    at: now,
    ...platformFacts(c),
    sha256: sha256Hex,
  });
}

/** `POST /v1/session/token`: a fresh token for a session that lives; the session and its labels stay. */
export async function renewSessionToken(c: AppContext): Promise<Response> {
  const { deployment, now } = c.var;
  const client = await requireClient(c);
  const claims = await requireRenewedSession(c);
  if (c.req.header("Content-Type") !== undefined) await readBody(c.req.raw, z.strictObject({}));
  const opener = await openerOf(c, client, client.client.kind === "gateway" ? claims.agent : undefined);
  if (claims.agent !== opener.agent.name || claims.gateway !== opener.gateway)
    throw new HttpProblem("forbidden", "the session token is another agent's or gateway's than the credential");
  const { sequence, table } = deployment;
  const lease = table.body.settings.lease;
  const live = await askObject(() =>
    sessionOf(c.env, claims.root).refresh({ sequence, agent: claims.agent, credential: opener.credential, lease }),
  );
  if (!live.live) return openRefused(c, { reason: live.reason, message: live.message, retry_after: null });
  const { token, expires } = await signSessionToken(deployment.sessions, claims, now);
  const response: SessionTokenResponse = { token, token_expires_at: rfc3339(expires) };
  return c.json(response);
}

/** `GET /v1/session` */
export async function showSession(c: AppContext): Promise<Response> {
  const { root, agent } = await requireSession(c);
  const { sequence } = c.var.deployment;
  return c.json(sessionState(await askObject(() => sessionOf(c.env, root).state({ sequence, agent }))));
}

/** `DELETE /v1/session` */
export async function closeSession(c: AppContext): Promise<Response> {
  const { root, agent } = await requireSession(c);
  const { sequence } = c.var.deployment;
  return c.json(sessionState(await askObject(() => sessionOf(c.env, root).close({ sequence, agent }))));
}

function sessionState(view: SessionView): SessionState {
  return {
    id: view.id,
    root: view.id,
    agent: view.agent,
    expires_at: rfc3339(view.expires_at),
    idle_expires_at: rfc3339(view.idle_expires_at),
    depth: 0,
    status: view.status,
    requester: view.requester,
    calls: view.calls,
    labels: view.labels,
    roles: view.roles,
    limits: view.limits.map(wireLimit),
  };
}
