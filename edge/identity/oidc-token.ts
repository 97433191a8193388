/**
 * Verifies a token of an identity provider: signature by the issuer's published keys, issuer, audience, type and times.
 * The caller says which issuer and audience; nothing in the token chooses how it is verified.
 */
import { decodeProtectedHeader, errors, jwtVerify } from "jose";
import type { JWTPayload, JWTVerifyGetKey } from "jose";
import { FOREIGN_KEY_HEADERS, typeOf } from "../token-type.ts";

/** An issuer's keys, and the algorithms that it says it signs with. */
export interface IssuerKeys {
  readonly algorithms: readonly string[];
  readonly key: JWTVerifyGetKey;
}

export interface TrustedIssuer {
  readonly issuer: string;
  /** One of these must be among the token's. */
  readonly audiences: readonly string[];
  /** None of these may be: a token good for two kinds of callers would let an agent act as a person. */
  readonly never: readonly string[];
  /** Seconds from `iat` to `exp`; null: as long as the issuer likes. */
  readonly longest_life: number | null;
  /** Rejects with `IssuerUnreachable` where the keys can't be had. */
  readonly keys: () => Promise<IssuerKeys>;
}

/** The issuer's keys can't be fetched: whether the token is good is not known, so nobody is let in. */
export class IssuerUnreachable extends Error {}

/** Asymmetric only: with HS256 the issuer's public key would do as a secret. */
export const ALGORITHMS: readonly string[] = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];

/**
 * Of ID tokens and workload tokens (none, `JWT`; JWT-SVID, section 2.3: `JOSE`) and of access tokens (RFC 9068). Other
 * tokens of the same issuer, such as logout tokens and security events, have types of their own.
 */
const TYPES: readonly (string | null)[] = ["", "jwt", "jose", "at+jwt"];

/** Seconds. */
export const SKEW = 60;
/** A managed identity of Entra gets tokens for a day and some minutes; nobody's used token is remembered much longer. */
export const LONGEST_LIFE = 25 * 60 * 60;

/**
 * The claims, or null when the token isn't one of this issuer for this audience.
 * @param now UTC milliseconds.
 * @throws IssuerUnreachable
 */
export async function verifyOidcToken(token: string, trusted: TrustedIssuer, now: number): Promise<JWTPayload | null> {
  if (!TYPES.includes(typeOf(token)) || !soundHeader(token)) return null;
  const { algorithms, key } = await trusted.keys();
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: algorithms.filter((name) => ALGORITHMS.includes(name)),
      issuer: trusted.issuer,
      audience: [...trusted.audiences],
      requiredClaims: ["iss", "aud", "sub", "iat", "exp"],
      currentDate: new Date(now),
      clockTolerance: SKEW,
    });
    return acceptable(payload, trusted, now / 1000) ? payload : null;
  } catch (error) {
    if (error instanceof errors.JOSEError || isUnusableKey(error)) return null;
    throw error;
  }
}

/** Before anything is fetched for it. A key that the token brings along proves nothing, so it is refused, not ignored. */
function soundHeader(token: string): boolean {
  const header = decodeProtectedHeader(token);
  return ALGORITHMS.includes(header.alg ?? "") && !FOREIGN_KEY_HEADERS.some((name) => name in header);
}

/** A key of the issuer's that can't be imported, or is too short: whatever it signed is worth nothing. */
function isUnusableKey(error: unknown): boolean {
  return error instanceof TypeError || error instanceof DOMException;
}

export function audiencesOf({ aud }: JWTPayload): readonly unknown[] {
  return Array.isArray(aud) ? aud : [aud];
}

function acceptable(payload: JWTPayload, trusted: TrustedIssuer, now: number): boolean {
  const { sub, iat = 0, exp = 0 } = payload;
  if (audiencesOf(payload).some((audience) => trusted.never.includes(String(audience)))) return false;
  if (exp <= iat || exp - iat > (trusted.longest_life ?? Number.POSITIVE_INFINITY)) return false;
  return typeof sub === "string" && sub !== "" && iat <= now + SKEW;
}
