/** Which issuers' keys to try for a token: the policy's for this kind of caller, and at a developer's machine its own. */
import { decodeJwt } from "jose";
import type { Deployment } from "../deployment.ts";
import { isLoopback } from "./fetch-issuer.ts";
import { issuerKeys } from "./issuer-keys.ts";
import type { Moment } from "./issuer-keys.ts";
import { LONGEST_LIFE } from "./oidc-token.ts";
import type { TrustedIssuer } from "./oidc-token.ts";

type Kind = "people" | "requesters";

/** Those whom the token itself names. It only chooses among trusted ones: a lie fails at the signature. */
export function claimedIssuers(
  deployment: Deployment,
  kind: Kind,
  token: string,
  moment: Moment,
): readonly TrustedIssuer[] {
  const { development } = deployment;
  const trusted = [...(development === null ? [] : [development[kind]]), ...ofPolicy(deployment, kind, moment)];
  const claimed = unverifiedIssuer(token);
  return trusted.filter(({ issuer }) => issuer === claimed);
}

function ofPolicy(deployment: Deployment, kind: Kind, moment: Moment): readonly TrustedIssuer[] {
  const own = deployment.table.body.settings[kind];
  if (own === null) return [];
  return [
    {
      issuer: own.issuer,
      audiences: [own.audience],
      never: otherAudiences(deployment, kind, own.issuer),
      longest_life: kind === "people" ? null : LONGEST_LIFE,
      keys: () => issuerKeys(own.issuer, isLocal(deployment), moment),
    },
  ];
}

/** What tokens of this issuer say when they are for another kind of caller than this one. */
export function otherAudiences(deployment: Deployment, kind: Kind | "agents", issuer: string): readonly string[] {
  const { people, requesters } = deployment.table.body.settings;
  const audiences = (["people", "requesters"] as const).flatMap((other) => {
    const setting = other === "people" ? people : requesters;
    return other !== kind && setting?.issuer === issuer ? [setting.audience] : [];
  });
  const signsForAgents = kind !== "agents" && deployment.identities.byIssuer.has(issuer);
  return [...audiences, ...(signsForAgents ? deployment.origins : [])];
}

/** An edge that can be reached on its own machine only is a developer's or a test's. */
export function isLocal({ origins }: Deployment): boolean {
  return origins.every(isLoopback);
}

export function unverifiedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    // Anything may stand in a header; what doesn't decode names nobody.
    return undefined;
  }
}
