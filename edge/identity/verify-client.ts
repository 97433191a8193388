/**
 * Which agent or gateway asks: by an assertion that it signed, by a token of an identity provider, by its client
 * certificate, or by one of the former over a connection with the latter. What is shown must all be the same one's.
 */
import type { Deployment } from "../deployment.ts";
import { verifyAssertion } from "./client-assertion.ts";
import type { ShownCertificate } from "./client-certificate.ts";
import { verifyClientToken } from "./client-token.ts";
import { unverifiedIssuer } from "./claimed-issuers.ts";
import type { Moment } from "./issuer-keys.ts";
import { isSameClient, refused } from "./verified-client.ts";
import type { Client, VerifyClient } from "./verified-client.ts";

export interface ShownClient {
  /** Of `Authorization: Bearer …`. */
  readonly token: string | null;
  readonly certificate: ShownCertificate | null;
}

/** @throws IssuerUnreachable */
export async function verifyClient(shown: ShownClient, deployment: Deployment, moment: Moment): Promise<VerifyClient> {
  const { token, certificate } = shown;
  if (token === null) return verifyCertificate(certificate, deployment, moment.now);
  const verified = await verifyToken(token, deployment, moment);
  const holder = certificate === null ? undefined : deployment.identities.byCertificate.get(certificate.fingerprint);
  // A certificate that the policy doesn't know may belong to whatever stands in front of this edge.
  if (!verified.ok || holder === undefined || certificate === null) return verified;
  if (holder !== null && isSameClient(holder, verified.client) && certificate.sound) return verified;
  return refused("the client certificate isn't a valid one of the agent whose token this is; send one of the two");
}

/** The claimed issuer only chooses how the token is verified: names of agents and gateways are no addresses. */
async function verifyToken(token: string, deployment: Deployment, moment: Moment): Promise<VerifyClient> {
  const { identities, origins } = deployment;
  const issuer = unverifiedIssuer(token) ?? "";
  if (identities.byIssuer.has(issuer)) return verifyClientToken(token, issuer, deployment, moment);
  if (URL.canParse(issuer)) return refused("no agent of the policy is known by the issuer of this token");
  return verifyAssertion(token, (name) => identities.byName.get(name) ?? [], origins, moment.now);
}

function verifyCertificate(shown: ShownCertificate | null, deployment: Deployment, now: number): VerifyClient {
  if (shown === null)
    return refused("send the agent's signed assertion, or its identity provider's token, as `Authorization: Bearer …`");
  const client: Client | null = deployment.identities.byCertificate.get(shown.fingerprint) ?? null;
  if (client === null || !shown.sound)
    return refused("the client certificate isn't a valid one of an agent of the policy");
  // Each connection proves it anew, so there is nothing that could be replayed, and nothing to remember.
  return { ok: true, client, credential: { key: `certificate:${crypto.randomUUID()}`, expires: now } };
}
