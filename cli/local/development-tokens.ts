/**
 * The development issuer's side: tokens for the people and requesters of a policy, so that everything can be tried with
 * no identity provider. Only a Worker in the environment `development` takes them.
 */
import { randomUUID } from "node:crypto";
import { importJWK, SignJWT } from "jose";
import type { EdgeKeys } from "./edge-keys.ts";

/** Doesn't change with the port, since a person is known by issuer and subject. */
export const DEVELOPMENT_ISSUER = "urn:agentpolicy:development";
/** How long the people's tokens on disk are good. */
const PERSON_LIFE = "30d";
const REQUESTER_LIFE = "24h";

export interface DevelopmentPerson {
  readonly email: string;
  /** Claims that groups of the policy look at. */
  readonly claims?: { readonly [name: string]: string | readonly string[] };
}

export interface DevelopmentRequester extends DevelopmentPerson {
  /** Who acts for them. */
  readonly agent: string;
}

export async function personToken(keys: EdgeKeys, person: DevelopmentPerson): Promise<string> {
  return sign(keys, person, "people", PERSON_LIFE, {});
}

/** Opens one session of this agent, once. */
export async function requesterToken(keys: EdgeKeys, requester: DevelopmentRequester): Promise<string> {
  return sign(keys, requester, "requesters", REQUESTER_LIFE, { azp: requester.agent });
}

async function sign(
  keys: EdgeKeys,
  { email, claims }: DevelopmentPerson,
  audience: string,
  life: string,
  more: { readonly azp?: string },
): Promise<string> {
  const key = await importJWK(keys.development_issuer_key, "EdDSA");
  return new SignJWT({ ...claims, ...more, email, email_verified: true })
    .setProtectedHeader({ alg: "EdDSA", typ: "JWT" })
    .setIssuer(DEVELOPMENT_ISSUER)
    .setAudience(audience)
    .setSubject(email)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(life)
    .sign(key);
}
