/** What every opening of a session has in common, of a root or below another. */
import { matchOpening, OPENING } from "../../engine/index.ts";
import type { Agent, Remainder, Requester } from "../../engine/index.ts";
import type { OpenSessionResponse } from "../../sdk/index.ts";
import type { Deployment } from "../deployment.ts";
import { sha256Hex } from "../digest.ts";
import { countRefusal } from "../metrics/refusals.ts";
import { signSessionToken } from "../identity/session-token.ts";
import type { SessionClaims } from "../identity/session-token.ts";
import { wordsWithoutFindings } from "../permits/secrets.ts";
import type { SessionStart } from "../rpc.ts";
import { shieldMessage, shieldSwitch } from "../switches/shield.ts";
import { rfc3339 } from "./context.ts";
import type { AppContext } from "./context.ts";
import type { Opener } from "./gateways.ts";
import { platformFacts } from "./platform-facts.ts";
import { retryAfter } from "./problem.ts";

/** 201, with the first token. */
export async function openedSession(
  c: AppContext,
  claims: SessionClaims,
  { expires_at, idle_expires_at }: { readonly expires_at: number; readonly idle_expires_at: number },
): Promise<Response> {
  const { token, expires } = await signSessionToken(c.get("deployment").sessions, claims, c.get("now"));
  const { session: id, root, agent, chain } = claims;
  const times = { expires_at: rfc3339(expires_at), idle_expires_at: rfc3339(idle_expires_at) };
  const response: OpenSessionResponse = {
    session: { id, root, agent, ...times, depth: chain.length - 1 },
    token,
    token_expires_at: rfc3339(expires),
  };
  return c.json(response, 201);
}

export interface OpenRefusal {
  readonly reason: string;
  readonly message: string;
  readonly retry_after: number | null;
}

/** What the table and the shield decide without an object. @param chain from the root to the agent that opens */
export async function refusalBefore(
  c: AppContext,
  chain: readonly Agent[],
  requester: string | null,
): Promise<OpenRefusal | null> {
  const now = c.get("now");
  for (const { name, review_by, requester_required } of chain) {
    if (now >= review_by)
      return refuse("review_overdue", `the review of \`${name}\` is overdue; its owner renews it in the policy`);
    if (requester_required && requester === null)
      return refuse(
        "requester_missing",
        `\`${name}\` works only for a person; the root session takes their \`requester_token\``,
      );
  }
  return shieldedOpening(
    c,
    chain.map((agent) => agent.name),
    requester,
  );
}

/** What the shield alone says of it. @param agents from the root to the one that opens */
export async function shieldedOpening(
  c: AppContext,
  agents: readonly string[],
  requester: string | null,
): Promise<OpenRefusal | null> {
  const asked = { agents, requester, action: OPENING.name, classes: [] };
  const stopped = await shieldSwitch(c.env.SWITCHES, asked, c.get("now"));
  return stopped === null ? null : refuse("killed", shieldMessage(stopped));
}

function refuse(reason: string, message: string): OpenRefusal {
  return { reason, message, retry_after: null };
}

/** There is no session that could record it, so it is counted. */
export function openRefused(c: AppContext, refusal: OpenRefusal): Response {
  countRefusal(`opening_${refusal.reason}`);
  return refusalAnswer(c, refusal);
}

/** A policy's no to what isn't an authorization. */
export function refusalAnswer(c: AppContext, { reason, message, retry_after }: OpenRefusal): Response {
  const { table, sequence } = c.get("deployment");
  const retry = retry_after === null ? {} : { retry_after };
  return c.json(
    { decision: "deny", reason, message, ...retry, policy: table.hash, sequence },
    200,
    retryAfter(retry_after),
  );
}

/**
 * Opening is itself the action `session.open`, which rules may forbid and limits count.
 * @param chain from the root to the agent that opens
 */
export function openingRemainder(
  c: AppContext,
  chain: readonly string[],
  session: string,
  requester: Requester | null,
): Remainder {
  const deployment = c.get("deployment");
  const now = c.get("now");
  return matchOpening(deployment.policy, {
    agent: chain.at(-1) ?? "",
    callers: chain.slice(0, -1),
    session,
    environment: deployment.environment,
    ...(requester === null ? {} : { requester }),
    action: OPENING.name,
    args: {},
    at: now,
    ...platformFacts(c),
    sha256: sha256Hex,
  });
}

/** All but what the policy says of the opening itself. @param client as the opener calls it */
export function startOf(
  { table, discretion }: Deployment,
  { agent, gateway, credential }: Opener,
  client: string | undefined,
): Omit<SessionStart, "opening"> {
  const { settings } = table.body;
  return {
    policy: table.hash,
    client: client === undefined ? null : wordsWithoutFindings(client, discretion),
    ...(gateway === null ? {} : { gateway }),
    starts_with: agent.starts_with,
    lifetime: settings.session.lifetime,
    idle: settings.session.idle,
    lease: settings.lease,
    credential,
  };
}
