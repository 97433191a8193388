/** Tokens of people and requesters, as the identity provider that the policies under test name gives them. */
import type { IdentityProvider } from "./identity-provider.ts";
import type { Claims } from "./workload-tokens.ts";

/** Of Pat, who is an operator and auditor. @param more claims instead */
export function personOfCorp(corp: IdentityProvider, more: Claims = {}): Promise<string> {
  return corp.sign(claimsOfPat("people-of-corp", more));
}

/** Of Pat too, for an agent to open one session with. @param agent whom it was given to */
export function requesterOfCorp(corp: IdentityProvider, agent: string, more: Claims = {}): Promise<string> {
  return corp.sign(claimsOfPat("agents-of-corp", { azp: agent, ...more }));
}

function claimsOfPat(aud: string, more: Claims): Claims {
  const now = Math.floor(Date.now() / 1000);
  return { sub: "u-1", aud, email: "pat@corp.example", email_verified: true, iat: now, exp: now + 300, ...more };
}
