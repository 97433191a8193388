/**
 * The development issuer: `agentpolicy dev` makes keys of its own and signs people's and requesters' tokens with them,
 * so that everything can be tried with no identity provider. Its tokens take the same path as any issuer's; a
 * deployment whose environment isn't `development` refuses to start with one.
 */
import { createLocalJWKSet } from "jose";
import type { JSONWebKeySet } from "jose";
import * as z from "zod/mini";
import type { TrustedIssuer } from "./oidc-token.ts";

export interface DevelopmentIssuer {
  readonly people: TrustedIssuer;
  readonly requesters: TrustedIssuer;
}

/** A private half here would mean that whoever reads the variables could sign as anybody. */
const publicKey = z.looseObject({ kty: z.string() }).check(z.refine((key) => !("d" in key)));

const configuration = z.strictObject({
  issuer: z.string().check(z.minLength(1)),
  jwks: z.object({ keys: z.array(publicKey) }),
});

/** @param value The parsed variable. */
export function developmentIssuer(value: unknown): DevelopmentIssuer | "malformed" {
  const read = configuration.safeParse(value);
  if (!read.success) return "malformed";
  const { issuer, jwks } = read.data;
  const keys = { algorithms: ["EdDSA", "Ed25519"], key: createLocalJWKSet(jwks satisfies JSONWebKeySet) };
  const trusted = (audience: string, other: string): TrustedIssuer => ({
    issuer,
    audiences: [audience],
    never: [other],
    longest_life: null,
    keys: () => Promise.resolve(keys),
  });
  return { people: trusted("people", "requesters"), requesters: trusted("requesters", "people") };
}
