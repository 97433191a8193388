/**
 * Requesters: the people on whose behalf an agent works. Their token comes from the policy's issuer of `requesters`,
 * names the agent it was given to, and opens one session; an agent holds it, so it must never do as a person's.
 */
import type { JWTPayload } from "jose";
import type { Requester } from "../../engine/index.ts";
import type { Deployment } from "../deployment.ts";
import { sha256Base64url } from "../digest.ts";
import type { Credential } from "../rpc.ts";
import { claimedIssuers } from "./claimed-issuers.ts";
import { readClaims, verifiedEmail } from "./groups.ts";
import type { Moment } from "./issuer-keys.ts";
import { SKEW, verifyOidcToken } from "./oidc-token.ts";
import { tokenKey } from "./token-key.ts";

export interface VerifiedRequester {
  readonly requester: Requester;
  readonly person: { readonly iss: string; readonly sub: string };
  readonly credential: Credential;
}

/**
 * The requester, or null when the token isn't one that was given to this agent.
 * @throws IssuerUnreachable
 */
export async function verifyRequester(
  deployment: Deployment,
  token: string,
  agent: string,
  moment: Moment,
): Promise<VerifiedRequester | null> {
  for (const trusted of claimedIssuers(deployment, "requesters", token, moment)) {
    const payload = await verifyOidcToken(token, trusted, moment.now);
    if (payload !== null && isGivenTo(agent, payload)) return requesterOf(payload, token, deployment);
  }
  return null;
}

/** The token is the requester's and names the agent; one that an agent got for itself has no requester behind it. */
function isGivenTo(agent: string, payload: JWTPayload): boolean {
  return payload.sub !== agent && actorOf(payload) === agent;
}

/**
 * Who acts for the subject now: the outermost `act`. Those nested in it acted before and only inform (RFC 8693,
 * section 4.1). Without `act` it is the party that the token was issued to. A list or an object names nobody.
 */
function actorOf({ iss, act, azp }: JWTPayload): string | null {
  if (act === undefined) return typeof azp === "string" ? azp : null;
  if (typeof act !== "object" || act === null) return null;
  const { sub, iss: issuer = iss } = act as { readonly sub?: unknown; readonly iss?: unknown };
  // The same name at another issuer is somebody else.
  return typeof sub === "string" && issuer === iss ? sub : null;
}

function requesterOf(payload: JWTPayload, token: string, deployment: Deployment): VerifiedRequester {
  const email = verifiedEmail(payload);
  const { iss = "", sub = "", exp = 0 } = payload;
  return {
    requester: {
      id: email ?? sub,
      ...(email === null ? {} : { email }),
      claims: readClaims(payload, deployment.table, email),
    },
    person: { iss, sub },
    credential: { key: `requester:${sha256Base64url(tokenKey(payload, token))}`, expires: (exp + SKEW) * 1000 },
  };
}
