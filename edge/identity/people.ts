/**
 * People: approvers, operators, auditors. A person is `iss` and `sub` of a token from the policy's issuer of `people`;
 * what they may do follows from the groups that their verified address or claims put them into.
 */
import type { JWTPayload } from "jose";
import type { Table } from "../../engine/index.ts";
import type { Deployment } from "../deployment.ts";
import type { PersonRef } from "../rpc.ts";
import { claimedIssuers } from "./claimed-issuers.ts";
import { isCloudflareAccess } from "./fetch-issuer.ts";
import { groupsOf, readClaims, verifiedEmail } from "./groups.ts";
import type { Moment } from "./issuer-keys.ts";
import { verifyOidcToken } from "./oidc-token.ts";

export interface Person extends PersonRef {
  /** Names of groups. */
  readonly groups: ReadonlySet<string>;
}

/** A token as it was shown, and whether in the header that Cloudflare Access fills in front of the Worker. */
export interface ShownPerson {
  readonly token: string;
  readonly by_access: boolean;
}

export function shownPerson(deployment: Deployment, headers: Headers): ShownPerson | null {
  const { people } = deployment.table.body.settings;
  const access = people !== null && isCloudflareAccess(people.issuer) ? headers.get("Cf-Access-Jwt-Assertion") : null;
  if (access !== null) return { token: access, by_access: true };
  const token = bearerToken(headers);
  return token === null ? null : { token, by_access: false };
}

export function bearerToken(headers: Headers): string | null {
  return /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(headers.get("Authorization") ?? "")?.[1] ?? null;
}

/**
 * The person, or null when the token is nobody's.
 * @throws IssuerUnreachable
 */
export async function verifyPerson(deployment: Deployment, shown: ShownPerson, moment: Moment): Promise<Person | null> {
  for (const trusted of claimedIssuers(deployment, "people", shown.token, moment)) {
    const payload = await verifyOidcToken(shown.token, trusted, moment.now);
    if (payload !== null) return personOf(payload, deployment.table, shown.by_access && isAccessLogin(payload));
  }
  return null;
}

/**
 * A person's login at an application, whose address Access has from the identity provider that it asked: its tokens
 * carry no `email_verified`. Its other tokens have another type or no address.
 * https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/application-token/
 */
function isAccessLogin({ iss = "", type }: JWTPayload): boolean {
  return isCloudflareAccess(iss) && type === "app";
}

function personOf(payload: JWTPayload, table: Table, vouched: boolean): Person {
  const email = verifiedEmail(payload, vouched);
  const claims = readClaims(payload, table, email);
  const { iss = "", sub = "" } = payload;
  return { iss, sub, email, claims, groups: new Set(groupsOf(table, email, claims)) };
}
