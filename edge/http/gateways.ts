/** Gateways: services that ask on behalf of agents which they have authenticated themselves. */
import * as z from "zod/mini";
import type { Agent, Gateway } from "../../engine/index.ts";
import { signGatewayToken } from "../identity/gateway-token.ts";
import { gatewayOf } from "../objects/env.ts";
import type { Credential } from "../rpc.ts";
import { askObject } from "./ask-object.ts";
import { requireClient, requireServed } from "./callers.ts";
import type { Client } from "./callers.ts";
import { rfc3339 } from "./context.ts";
import type { AppContext } from "./context.ts";
import { malformed, unauthenticated } from "./problem.ts";
import { readBody } from "./read-body.ts";

/** `POST /v1/gateway/token`: what a gateway asks with for the next 15 minutes. */
export async function openGateway(c: AppContext): Promise<Response> {
  const { client, credential } = await requireClient(c);
  if (client.kind !== "gateway")
    throw unauthenticated("only a gateway gets a gateway token; this is an agent's credential");
  if (c.req.header("Content-Type") !== undefined) await readBody(c.req.raw, z.strictObject({}));
  await useUp(c, client.gateway, credential);
  const { token, expires } = await signGatewayToken(c.get("deployment").sessions, client.gateway.name, c.get("now"));
  return c.json({ token, token_expires_at: rfc3339(expires) });
}

/** On whose behalf a session is opened or renewed, and who does it. */
export interface Opener {
  readonly agent: Agent;
  /** Null: the agent itself. */
  readonly gateway: string | null;
  /** To be used up by the agent's object. */
  readonly credential: Credential;
}

/**
 * An agent opens its own session. A gateway names the agent, and its credential is used up at once, where the gateway's
 * are remembered: each agent's object by itself couldn't tell that it was used for another agent.
 * @param named what the body says
 */
export async function openerOf(
  c: AppContext,
  { client, credential }: Client,
  named: string | undefined,
): Promise<Opener> {
  if (client.kind === "agent") {
    if (named !== undefined)
      throw malformed("only a gateway names an agent; an agent is who its credential says", "/agent");
    return { agent: client.agent, gateway: null, credential };
  }
  const { gateway } = client;
  if (named === undefined) throw malformed("a gateway names the agent that it asks for", "/agent");
  requireServed(gateway, named);
  const agent = c.get("deployment").agents.get(named);
  if (agent === undefined) throw malformed("the policy has no such agent", "/agent");
  await useUp(c, gateway, credential);
  return { agent, gateway: gateway.name, credential: usedUp(c.get("now")) };
}

async function useUp(c: AppContext, gateway: Gateway, credential: Credential): Promise<void> {
  const { sequence } = c.get("deployment");
  await askObject(() => gatewayOf(c.env, gateway.name).useCredential({ sequence, credential }));
}

/** Stands for a credential that another object has used up: a new one each time, and nothing to remember. */
export function usedUp(now: number): Credential {
  return { key: `gateway:${crypto.randomUUID()}`, expires: now };
}
