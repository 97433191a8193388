/** Which of the policy's groups somebody is in, by what an identity provider signed. */
import type { JWTPayload } from "jose";
import type { Group, Table } from "../../engine/index.ts";

export type Claims = { readonly [name: string]: string | readonly string[] };

/** Lower-cased; null where the provider gives none or says that it isn't verified. */
export function verifiedEmail(payload: JWTPayload): string | null {
  const { email, email_verified: verified } = payload;
  if (typeof email !== "string" || email === "") return null;
  if (verified !== undefined && verified !== true && verified !== "true") return null;
  return email.toLowerCase();
}

/** The claims that groups of the policy name, and no others: the rest of a token is nobody's business here. */
export function readClaims(payload: JWTPayload, table: Table): Claims {
  const names = new Set(table.body.groups.flatMap((group) => (group.claim === null ? [] : [group.claim.name])));
  const found: [string, string | readonly string[]][] = [];
  for (const name of names) {
    const value = Object.hasOwn(payload, name) ? payload[name] : undefined;
    if (typeof value === "string") found.push([name, value]);
    else if (Array.isArray(value)) found.push([name, value.filter((member) => typeof member === "string")]);
  }
  return Object.fromEntries(found);
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
