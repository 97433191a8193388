/**
 * Requesters: the people on whose behalf an agent works. Their token comes from the policy's issuer of `requesters`,
 * names the agent it was given to, and opens one session; an agent holds it, so it must never do as a person's.
 */
import type { JWTPayload } from "jose";
import type { Requester } from "../../engine/index.ts";
import type { Deployment } from "../deployment.ts";
import { sha256Base64url } from "../permits/digest.ts";
import type { Credential } from "../rpc.ts";
import { claimedIssuers } from "./claimed-issuers.ts";
import { readClaims, verifiedEmail } from "./groups.ts";
import { verifyOidcToken } from "./oidc-token.ts";

export interface VerifiedRequester {
  readonly requester: Requester;
  readonly person: { readonly iss: string; readonly sub: string };
  readonly credential: Credential;
}

/**
 * The requester, or null when the token isn't one that was given to this agent.
 * @param now UTC milliseconds.
 * @throws IssuerUnreachable
 */
export async function verifyRequester(
  deployment: Deployment,
  token: string,
  agent: string,
  now: number,
): Promise<VerifiedRequester | null> {
  for (const trusted of claimedIssuers(deployment, "requesters", token)) {
    const payload = await verifyOidcToken(token, trusted, now);
    if (payload !== null && agentOf(payload) === agent) return requesterOf(payload, token, deployment);
  }
  return null;
}

/** `act.sub` says who acts for the subject (RFC 8693, section 4.1); without it, the party that the token was issued to. */
function agentOf(payload: JWTPayload): unknown {
  const { act, azp } = payload;
  if (act !== undefined) return typeof act === "object" && act !== null && "sub" in act ? act.sub : null;
  return azp;
}

function requesterOf(payload: JWTPayload, token: string, deployment: Deployment): VerifiedRequester {
  const email = verifiedEmail(payload);
  const { iss = "", sub = "", jti, exp = 0 } = payload;
  const name = typeof jti === "string" && jti !== "" ? `${iss} ${jti}` : signedPart(token);
  return {
    requester: {
      id: email ?? sub,
      ...(email === null ? {} : { email }),
      claims: readClaims(payload, deployment.table),
    },
    person: { iss, sub },
    // Kept a minute beyond `exp`, since tokens are accepted with that much skew.
    credential: { key: `requester:${sha256Base64url(name)}`, expires: (exp + 60) * 1000 },
  };
}

/** A signature can often be written in another way that verifies as well; what it signs can't, byte for byte. */
function signedPart(token: string): string {
  return token.slice(0, token.lastIndexOf("."));
}
