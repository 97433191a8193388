/** Sessions below others: a ticket for another agent, and that agent's opening with it. */
import type * as z from "zod/mini";
import type { Agent } from "../../engine/index.ts";
import type { DelegationResponse } from "../../sdk/index.ts";
import type { Deployment } from "../deployment.ts";
import { rootOf, rootOfTicket } from "../ids.ts";
import { linkOf } from "../link-of.ts";
import { sessionOf } from "../objects/env.ts";
import type { OpenBelowInput } from "../rpc.ts";
import { askObject } from "./ask-object.ts";
import { delegationBody } from "./bodies.ts";
import type { openSessionBody } from "./bodies.ts";
import { callerOf, requireServedChain, requireSession } from "./callers.ts";
import { rfc3339 } from "./context.ts";
import type { AppContext } from "./context.ts";
import type { Opener } from "./gateways.ts";
import { openedSession, openingRemainder, openRefused, refusalBefore, shieldedOpening, startOf } from "./opening.ts";
import { HttpProblem, malformed } from "./problem.ts";
import { readBody } from "./read-body.ts";

/** `POST /v1/session/delegations`: 201, or 200 with a policy's no. */
export async function delegateSession(c: AppContext): Promise<Response> {
  const deployment = c.get("deployment");
  const claims = await requireSession(c);
  const { agent: to } = await readBody(c.req.raw, delegationBody);
  requireMayCall(deployment, claims.agent, to);
  const agents = [...claims.chain.map((link) => link.agent), to];
  const refusal = await shieldedOpening(c, agents, claims.requester?.id ?? null);
  if (refusal !== null) return openRefused(c, refusal);
  const { lease } = deployment.table.body.settings;
  const input = { ...callerOf(deployment, claims), to, lease };
  const output = await askObject(() => sessionOf(c.env, claims.root).delegate(input));
  if (!output.delegated) return openRefused(c, { ...output, retry_after: output.reason === "overloaded" ? 1 : null });
  const response: DelegationResponse = { ticket: output.ticket, expires_at: rfc3339(output.expires_at) };
  return c.json(response, 201);
}

/** One answer for agents that there aren't and agents that may not be called: who there is, the policy tells no agent. */
function requireMayCall({ agents }: Deployment, from: string, to: string): void {
  const may = agents.get(from)?.may_call.some((entry) => entry.agent === to) === true;
  if (!may || !agents.has(to))
    throw new HttpProblem(
      "forbidden",
      `\`${from}\` has no \`may call ${to} for …\`; its owner adds that to the policy, with what may be done there`,
    );
}

type OpenBody = z.output<typeof openSessionBody>;

/** `POST /v1/sessions` with a ticket: the agent below opens with its own credential, for whom the root works. */
export async function openBelow(c: AppContext, opener: Opener, body: OpenBody, ticket: string): Promise<Response> {
  const deployment = c.get("deployment");
  const { agent, gateway } = opener;
  const surplus = (["task", "requester_token"] as const).find((name) => body[name] !== undefined);
  if (surplus !== undefined)
    throw malformed(
      `a session opened with a ticket has its root's task and requester; leave \`${surplus}\` out`,
      `/${surplus}`,
    );
  const root = rootOfTicket(ticket);
  if (root === null) throw malformed("this is no ticket; one comes from `POST /v1/session/delegations`", "/ticket");
  const { sequence } = deployment;
  const look = { sequence, ticket, agent: agent.name };
  const { session, above, requester } = await askObject(() => sessionOf(c.env, root).ticket(look));
  requireServedChain(c, above);
  const chain = [...above, linkOf(session, agent.name, gateway)];
  const names = chain.map((link) => link.agent);
  const refusal = await refusalBefore(c, agentsNamed(deployment, names), requester?.id ?? null);
  if (refusal !== null) return openRefused(c, refusal);
  const opening = openingRemainder(c, names, session, requester);
  const input: OpenBelowInput = { ...look, ...startOf(deployment, opener, body.client), above, opening };
  const opened = await askObject(() => sessionOf(c.env, root).openBelow(input));
  if (!opened.opened) return openRefused(c, opened);
  const { environment } = deployment;
  const claims = { session, root: rootOf(session), agent: agent.name, environment, chain, requester, gateway };
  return openedSession(c, claims, opened);
}

/** Whoever the policy doesn't have any more is denied with the opening. */
function agentsNamed({ agents }: Deployment, names: readonly string[]): readonly Agent[] {
  return names.flatMap((name) => agents.get(name) ?? []);
}
