/** Sessions: opening one with an agent's credential, keeping its token fresh, looking at it, closing it. */
import * as z from "zod/mini";
import type { Agent, Requester, Table } from "../../engine/index.ts";
import type { SessionState, SessionTokenResponse } from "../../sdk/index.ts";
import { claimsLookedFor } from "../identity/groups.ts";
import { verifyRequester } from "../identity/requester.ts";
import type { VerifiedRequester } from "../identity/requester.ts";
import { signSessionToken } from "../identity/session-token.ts";
import type { SessionClaims } from "../identity/session-token.ts";
import { newSessionId, rootOf } from "../ids.ts";
import { linkOf } from "../link-of.ts";
import { sessionOf } from "../objects/env.ts";
import { wordsWithoutFindings } from "../permits/secrets.ts";
import type { OpenInput, SessionView } from "../rpc.ts";
import { wireLimit } from "./answer.ts";
import { askObject } from "./ask-object.ts";
import { openSessionBody } from "./bodies.ts";
import { callerOf, momentOf, requireClient, requireRenewedSession, requireSession, trustIssuer } from "./callers.ts";
import { rfc3339 } from "./context.ts";
import type { AppContext } from "./context.ts";
import { openBelow } from "./delegations.ts";
import { openerOf } from "./gateways.ts";
import type { Opener } from "./gateways.ts";
import { HttpProblem, unauthenticated } from "./problem.ts";
import { openedSession, openingRemainder, openRefused, refusalBefore, startOf } from "./opening.ts";
import { readBody } from "./read-body.ts";

type OpenBody = z.output<typeof openSessionBody>;

/** `POST /v1/sessions`: 201, or 200 with a policy's no. */
export async function openSession(c: AppContext): Promise<Response> {
  const deployment = c.get("deployment");
  const client = await requireClient(c);
  const body = await readBody(c.req.raw, openSessionBody);
  const opener = await openerOf(c, client, body.agent);
  const { agent, gateway } = opener;
  if (body.ticket !== undefined) return openBelow(c, opener, body, body.ticket);
  const requester = await readRequester(c, agent, body.requester_token);
  const refusal = await refusalBefore(c, [agent], requester?.requester.id ?? null);
  if (refusal !== null) return openRefused(c, refusal);
  const input = openInput(c, opener, requester, body);
  const opened = await askObject(() => sessionOf(c.env, input.session).open(input));
  if (!opened.opened) return openRefused(c, opened);
  const claims: SessionClaims = {
    session: input.session,
    root: input.session,
    agent: agent.name,
    environment: deployment.environment,
    chain: [linkOf(input.session, agent.name, gateway)],
    requester: input.requester,
    gateway,
  };
  return openedSession(c, claims, opened);
}

async function readRequester(
  c: AppContext,
  agent: Agent,
  token: string | undefined,
): Promise<VerifiedRequester | null> {
  if (token === undefined) return null;
  const verified = await trustIssuer(() => verifyRequester(c.get("deployment"), token, agent.name, momentOf(c)));
  if (verified !== null) return verified;
  throw unauthenticated(
    "`requester_token` must come from the policy's issuer of `requesters` and name this agent in `azp` or `act.sub`",
  );
}

export function openInput(
  c: AppContext,
  opener: Opener,
  requester: VerifiedRequester | null,
  body: OpenBody,
  session = newSessionId(),
): OpenInput {
  const deployment = c.get("deployment");
  const { agent } = opener;
  // Anybody's word would do to satisfy `task mentions`, so a task that nobody vouches for isn't one.
  const vouched = requester !== null || agent.task_from_client;
  const task = vouched ? (body.task ?? null) : null;
  return {
    ...startOf(deployment, opener, body.client),
    sequence: deployment.sequence,
    session,
    agent: agent.name,
    environment: deployment.environment,
    requester: requester === null ? null : withClaims(requester.requester, deployment.table),
    requester_person: requester?.person ?? null,
    task,
    task_shown: task === null ? null : wordsWithoutFindings(task, deployment.discretion),
    retain: deployment.table.body.settings.retain,
    opening: openingRemainder(c, [agent.name], session, requester?.requester ?? null),
    requester_credential: requester?.credential ?? null,
  };
}

/** Its record says which claims were looked for, found or not. */
function withClaims(requester: Requester, table: Table): Requester {
  return { ...requester, claims: claimsLookedFor(requester.claims, table) };
}

/** `POST /v1/session/token`: a fresh token for a session that lives; the session and its labels stay. */
export async function renewSessionToken(c: AppContext): Promise<Response> {
  const deployment = c.get("deployment");
  const now = c.get("now");
  const client = await requireClient(c);
  const claims = await requireRenewedSession(c);
  if (c.req.header("Content-Type") !== undefined) await readBody(c.req.raw, z.strictObject({}));
  const opener = await openerOf(c, client, client.client.kind === "gateway" ? claims.agent : undefined);
  if (claims.agent !== opener.agent.name || claims.gateway !== opener.gateway)
    throw new HttpProblem("forbidden", "the session token is another agent's or gateway's than the credential");
  const lease = deployment.table.body.settings.lease;
  const live = await askObject(() =>
    sessionOf(c.env, claims.root).refresh({ ...callerOf(deployment, claims), credential: opener.credential, lease }),
  );
  if (!live.live) return openRefused(c, { reason: live.reason, message: live.message, retry_after: null });
  const { token, expires } = await signSessionToken(deployment.sessions, claims, now);
  const response: SessionTokenResponse = { token, token_expires_at: rfc3339(expires) };
  return c.json(response);
}

/** `GET /v1/session` */
export async function showSession(c: AppContext): Promise<Response> {
  const claims = await requireSession(c);
  const caller = callerOf(c.get("deployment"), claims);
  return c.json(sessionState(c, await askObject(() => sessionOf(c.env, claims.root).state(caller))));
}

/** `DELETE /v1/session` */
export async function closeSession(c: AppContext): Promise<Response> {
  const claims = await requireSession(c);
  const caller = callerOf(c.get("deployment"), claims);
  return c.json(sessionState(c, await askObject(() => sessionOf(c.env, claims.root).close(caller))));
}

function sessionState(c: AppContext, view: SessionView): SessionState {
  return {
    id: view.id,
    root: rootOf(view.id),
    agent: view.agent,
    expires_at: rfc3339(view.expires_at),
    idle_expires_at: rfc3339(view.idle_expires_at),
    depth: view.depth,
    status: view.status,
    requester: view.requester,
    calls: view.calls,
    labels: view.labels,
    roles: rolesNow(c, view),
    limits: view.limits.map(wireLimit),
  };
}

/** What the policy offers no more, or for less time, counts so; the session hears of it with its next request. */
function rolesNow(c: AppContext, { agent, roles }: SessionView): SessionState["roles"] {
  const deployment = c.get("deployment");
  const now = c.get("now");
  const offers = deployment.agents.get(agent)?.may_become ?? [];
  return roles.flatMap(({ role, gained_at, until }) => {
    const offer = offers.find((one) => one.role === role);
    const end = offer === undefined ? now : Math.min(until, gained_at + offer.duration);
    return end > now ? [{ role, until: rfc3339(end) }] : [];
  });
}
