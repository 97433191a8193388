/**
 * People: approvers, operators, auditors. A person is `iss` and `sub` of a token from the policy's issuer of `people`;
 * what they may do follows from the groups that their verified address or claims put them into.
 */
import type { JWTPayload } from "jose";
import type { Table } from "../../engine/index.ts";
import type { Deployment } from "../deployment.ts";
import type { PersonRef } from "../rpc.ts";
import { claimedIssuers } from "./claimed-issuers.ts";
import { groupsOf, readClaims, verifiedEmail } from "./groups.ts";
import { isCloudflareAccess } from "./issuer-keys.ts";
import { verifyOidcToken } from "./oidc-token.ts";

export interface Person extends PersonRef {
  /** Names of groups. */
  readonly groups: ReadonlySet<string>;
}

/** Cloudflare Access puts the person's token into a header of its own, in front of the Worker. */
export function personToken(deployment: Deployment, headers: Headers): string | null {
  const { people } = deployment.table.body.settings;
  const access = people !== null && isCloudflareAccess(people.issuer) ? headers.get("Cf-Access-Jwt-Assertion") : null;
  return access ?? bearerToken(headers);
}

export function bearerToken(headers: Headers): string | null {
  return /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(headers.get("Authorization") ?? "")?.[1] ?? null;
}

/**
 * The person, or null when the token is nobody's.
 * @param now UTC milliseconds.
 * @throws IssuerUnreachable
 */
export async function verifyPerson(deployment: Deployment, token: string, now: number): Promise<Person | null> {
  for (const trusted of claimedIssuers(deployment, "people", token)) {
    const payload = await verifyOidcToken(token, trusted, now);
    if (payload !== null) return personOf(payload, deployment.table);
  }
  return null;
}

function personOf(payload: JWTPayload, table: Table): Person {
  const email = verifiedEmail(payload);
  const claims = readClaims(payload, table);
  const { iss = "", sub = "" } = payload;
  return { iss, sub, email, claims, groups: new Set(groupsOf(table, email, claims)) };
}
