/**
 * A client's credential from an identity provider (OpenID Connect, workload identities, JWT-SVID): a token for this edge
 * alone, of an issuer that the policy names, whose claims are those of exactly one agent's or gateway's identity. Good
 * once.
 */
import type { JWTPayload } from "jose";
import type { IdentityClaim } from "../../engine/index.ts";
import type { Deployment } from "../deployment.ts";
import { sha256Base64url } from "../digest.ts";
import { isLocal, otherAudiences } from "./claimed-issuers.ts";
import type { OidcHolder } from "./identity-index.ts";
import { issuerKeys } from "./issuer-keys.ts";
import type { Moment } from "./issuer-keys.ts";
import { audiencesOf, LONGEST_LIFE, SKEW, verifyOidcToken } from "./oidc-token.ts";
import type { TrustedIssuer } from "./oidc-token.ts";
import { tokenKey } from "./token-key.ts";
import { refused } from "./verified-client.ts";
import type { Client, VerifyClient } from "./verified-client.ts";

/**
 * @param issuer The one that the token claims, and that identities of the policy name.
 * @throws IssuerUnreachable
 */
export async function verifyClientToken(
  token: string,
  issuer: string,
  deployment: Deployment,
  moment: Moment,
): Promise<VerifyClient> {
  const { identities, origins } = deployment;
  const payload = await verifyOidcToken(token, trust(issuer, deployment, moment), moment.now);
  if (payload === null || !isForEdgeAlone(payload, origins)) return refused(notAccepted(origins));
  if ("act" in payload) return refused("this token is somebody else's, acted on by its `act`; send the agent's own");
  const client = soleHolder(identities.byIssuer.get(issuer) ?? [], payload);
  if (client === null) return refused("the token's claims aren't those of an identity in the policy");
  const expires = ((payload.exp as number) + SKEW) * 1000;
  return { ok: true, client, credential: { key: `oidc:${sha256Base64url(tokenKey(payload, token))}`, expires } };
}

function trust(issuer: string, deployment: Deployment, moment: Moment): TrustedIssuer {
  return {
    issuer,
    audiences: deployment.origins,
    never: otherAudiences(deployment, "agents", issuer),
    longest_life: LONGEST_LIFE,
    keys: () => issuerKeys(issuer, isLocal(deployment), moment),
  };
}

/** Whoever else a token is for could show it here as well. */
function isForEdgeAlone(payload: JWTPayload, origins: readonly string[]): boolean {
  return audiencesOf(payload).every((audience) => typeof audience === "string" && origins.includes(audience));
}

function notAccepted(origins: readonly string[]): string {
  return `the token must be signed by its issuer, be valid now and for at most 25 hours, and have \`aud\` \`${origins[0] ?? ""}\` alone`;
}

/** The compiler refuses identities that one token could fit both of; a table that has them lets nobody in. */
function soleHolder(holders: readonly OidcHolder[], payload: JWTPayload): Client | null {
  const found = new Set(holders.filter(({ identity }) => fits(identity.claims, payload)).map(({ client }) => client));
  const [sole = null] = found;
  return found.size === 1 ? sole : null;
}

function fits(claims: readonly IdentityClaim[], payload: JWTPayload): boolean {
  return claims.length > 0 && claims.every(({ name, values }) => values.includes(textClaim(payload, name) ?? ""));
}

/**
 * Only text compares: a list, a number or a boolean is never equal to what the policy writes. An address that the
 * issuer doesn't vouch for may be anyone's choice.
 */
function textClaim(payload: JWTPayload, name: string): string | null {
  if (name === "email" && payload["email_verified"] !== true) return null;
  const value = Object.hasOwn(payload, name) ? payload[name] : null;
  return typeof value === "string" && value !== "" ? value : null;
}
