/**
 * Verifies a token of an identity provider: signature by the issuer's published keys, issuer, audience and times. The
 * caller says which issuer and audience; nothing in the token chooses how it is verified.
 */
import { errors, jwtVerify } from "jose";
import type { JWTPayload, JWTVerifyGetKey } from "jose";
import { isOwnType } from "./token-type.ts";

export interface TrustedIssuer {
  readonly issuer: string;
  readonly audience: string;
  /** The audience of the other kind of caller: a token good for both would let an agent act as a person. */
  readonly never: string | null;
  /** Rejects with `IssuerUnreachable` where the keys can't be had. */
  readonly keys: () => Promise<JWTVerifyGetKey>;
}

/** The issuer's keys can't be fetched: whether the token is good is not known, so nobody is let in. */
export class IssuerUnreachable extends Error {}

/** Asymmetric only: with HS256 the issuer's public key would do as a secret. */
const ALGORITHMS = [
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
/** Seconds. */
const SKEW = 60;

/**
 * The claims, or null when the token isn't one of this issuer for this audience.
 * @param now UTC milliseconds.
 * @throws IssuerUnreachable
 */
export async function verifyOidcToken(token: string, trusted: TrustedIssuer, now: number): Promise<JWTPayload | null> {
  if (isOwnType(token)) return null;
  const keys = await trusted.keys();
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ALGORITHMS,
      issuer: trusted.issuer,
      audience: trusted.audience,
      requiredClaims: ["iss", "aud", "sub", "iat", "exp"],
      currentDate: new Date(now),
      clockTolerance: SKEW,
    });
    return acceptable(payload, trusted, now / 1000) ? payload : null;
  } catch (error) {
    if (error instanceof errors.JWKSTimeout || isFetchFailure(error)) throw new IssuerUnreachable();
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

/** jose says this in general terms: the issuer answered something that isn't a key set, or nothing at all. */
function isFetchFailure(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof errors.JOSEError && error.code === "ERR_JOSE_GENERIC");
}

function acceptable(payload: JWTPayload, trusted: TrustedIssuer, now: number): boolean {
  const audiences = typeof payload.aud === "string" ? [payload.aud] : (payload.aud ?? []);
  if (trusted.never !== null && audiences.includes(trusted.never)) return false;
  return typeof payload.sub === "string" && payload.sub !== "" && (payload.iat ?? 0) <= now + SKEW;
}
