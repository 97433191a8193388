/**
 * Which agent asks: by an assertion that it signed, by a token of an identity provider, by its client certificate, or
 * by one of the former over a connection with the latter. What is shown must all be the same agent's.
 */
import type { Agent } from "../../engine/index.ts";
import type { Deployment } from "../deployment.ts";
import { verifyAgentAssertion } from "./agent-assertion.ts";
import type { ShownCertificate } from "./agent-certificate.ts";
import { verifyAgentToken } from "./agent-token.ts";
import { unverifiedIssuer } from "./claimed-issuers.ts";
import type { Moment } from "./issuer-keys.ts";
import { refused } from "./verified-agent.ts";
import type { VerifyAgent } from "./verified-agent.ts";

export interface ShownAgent {
  /** Of `Authorization: Bearer …`. */
  readonly token: string | null;
  readonly certificate: ShownCertificate | null;
}

/** @throws IssuerUnreachable */
export async function verifyAgent(shown: ShownAgent, deployment: Deployment, moment: Moment): Promise<VerifyAgent> {
  const { token, certificate } = shown;
  if (token === null) return verifyCertificate(certificate, deployment, moment.now);
  const verified = await verifyToken(token, deployment, moment);
  const holder = certificate === null ? undefined : deployment.identities.byCertificate.get(certificate.fingerprint);
  // A certificate that the policy doesn't know may belong to whatever stands in front of this edge.
  if (!verified.ok || holder === undefined || certificate === null) return verified;
  if (holder?.name === verified.agent.name && certificate.sound) return verified;
  return refused("the client certificate isn't a valid one of the agent whose token this is; send one of the two");
}

/** The claimed issuer only chooses how the token is verified: names of agents are no addresses. */
async function verifyToken(token: string, deployment: Deployment, moment: Moment): Promise<VerifyAgent> {
  const { agents, identities, origins } = deployment;
  const issuer = unverifiedIssuer(token) ?? "";
  if (identities.byIssuer.has(issuer)) return verifyAgentToken(token, issuer, deployment, moment);
  if (URL.canParse(issuer)) return refused("no agent of the policy is known by the issuer of this token");
  return verifyAgentAssertion(token, (name) => agents.get(name), origins, moment.now);
}

function verifyCertificate(shown: ShownCertificate | null, deployment: Deployment, now: number): VerifyAgent {
  if (shown === null)
    return refused("send the agent's signed assertion, or its identity provider's token, as `Authorization: Bearer …`");
  const agent: Agent | null = deployment.identities.byCertificate.get(shown.fingerprint) ?? null;
  if (agent === null || !shown.sound)
    return refused("the client certificate isn't a valid one of an agent of the policy");
  // Each connection proves it anew, so there is nothing that could be replayed, and nothing to remember.
  return { ok: true, agent, credential: { key: `certificate:${crypto.randomUUID()}`, expires: now } };
}
