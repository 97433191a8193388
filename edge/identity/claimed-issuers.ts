/** Which issuers' keys to try for a token: the policy's for this kind of caller, and at a developer's machine its own. */
import { decodeJwt } from "jose";
import type { Deployment } from "../deployment.ts";
import { issuerKeys } from "./issuer-keys.ts";
import type { TrustedIssuer } from "./oidc-token.ts";

type Kind = "people" | "requesters";

/** Those whom the token itself names. It only chooses among trusted ones: a lie fails at the signature. */
export function claimedIssuers(deployment: Deployment, kind: Kind, token: string): readonly TrustedIssuer[] {
  const { development } = deployment;
  const trusted = [...(development === null ? [] : [development[kind]]), ...ofPolicy(deployment, kind)];
  const claimed = unverifiedIssuer(token);
  return trusted.filter(({ issuer }) => issuer === claimed);
}

function ofPolicy(deployment: Deployment, kind: Kind): readonly TrustedIssuer[] {
  const { settings } = deployment.table.body;
  const own = settings[kind];
  const other = settings[kind === "people" ? "requesters" : "people"];
  if (own === null) return [];
  const never = other?.issuer === own.issuer ? other.audience : null;
  return [{ ...own, never, keys: () => issuerKeys(own.issuer) }];
}

function unverifiedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    // Anything may stand in a header; what doesn't decode names nobody.
    return undefined;
  }
}
