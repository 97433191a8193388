/** Which of the policy's groups somebody is in, by what an identity provider signed. */
import type { JWTPayload } from "jose";
import type { Group, Table } from "../../engine/index.ts";

export type Claims = { readonly [name: string]: string | readonly string[] };

/**
 * Lower-cased; null where the provider gives none or doesn't say that it verified it: an address that somebody merely
 * typed into a profile is nobody's.
 * @param vouched The provider gives out verified addresses only, and says nothing about each.
 */
export function verifiedEmail(payload: JWTPayload, vouched = false): string | null {
  const { email, email_verified: verified } = payload;
  if (typeof email !== "string" || email === "") return null;
  if (verified !== true && !(vouched && verified === undefined)) return null;
  return lowerAscii(email);
}

/** Other letters have look-alikes that become ASCII when they are lower-cased, such as the Kelvin sign. */
function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/**
 * The claims that groups of the policy name, and no others: the rest of a token is nobody's business here.
 * @param email As `verifiedEmail` gave it: without one, a claim of that name is worth no more.
 */
export function readClaims(payload: JWTPayload, table: Table, email: string | null): Claims {
  const found: [string, string | readonly string[]][] = [];
  for (const name of claimNames(table)) {
    if (name === "email" && email === null) continue;
    const value = Object.hasOwn(payload, name) ? payload[name] : undefined;
    if (typeof value === "string") found.push([name, value]);
    else if (Array.isArray(value)) found.push([name, value.filter((member) => typeof member === "string")]);
  }
  return Object.fromEntries(found);
}

function claimNames({ body }: Table): ReadonlySet<string> {
  return new Set(body.groups.flatMap(({ claim }) => (claim === null ? [] : [claim.name])));
}

/** Those that were looked for and not found stand there too, empty: a record must tell them from what nobody read. */
export function claimsLookedFor(claims: Claims, table: Table): Claims {
  return { ...Object.fromEntries([...claimNames(table)].map((name) => [name, []])), ...claims };
}

export function groupsOf(table: Table, email: string | null, claims: Claims): readonly string[] {
  return table.body.groups.filter((group) => isMember(group, { email, claims })).map((group) => group.name);
}

/** By address or by claim, as an identity provider signed them. */
export function isMember(
  group: Group,
  { email, claims }: { readonly email: string | null; readonly claims: Claims },
): boolean {
  if (email !== null && group.members?.includes(email)) return true;
  if (group.claim === null || !Object.hasOwn(claims, group.claim.name)) return false;
  const value = claims[group.claim.name];
  return typeof value === "string" ? value === group.claim.value : (value?.includes(group.claim.value) ?? false);
}
