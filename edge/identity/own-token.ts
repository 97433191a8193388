/**
 * Tokens that the edge gives out and alone reads: JWS with HS256 under a key that only the Worker has, told apart by
 * their type. Verifying one takes no I/O. Keys replace each other (`key-ring.ts`): the current one signs, the one before
 * it still verifies, told apart by `kid`.
 */
import { errors, jwtVerify, SignJWT } from "jose";
import type { JWTPayload } from "jose";
import { signingKey, verifyingKeys } from "../key-ring.ts";
import type { KeyRing } from "../key-ring.ts";

const SECONDS = 15 * 60;

export interface OwnTokenKey {
  readonly kid: string;
  readonly secret: CryptoKey;
}

/** Where a token is good: `audience` is policy and environment, and each deployment has keys of its own. */
export interface OwnTokenScope {
  readonly issuer: string;
  readonly audience: string;
  readonly environment: string;
  readonly keys: KeyRing<OwnTokenKey>;
}

export interface SignedToken {
  readonly token: string;
  /** UTC milliseconds. */
  readonly expires: number;
}

/** @param now UTC milliseconds. */
export async function signOwnToken(
  scope: OwnTokenScope,
  typ: string,
  claims: JWTPayload & { readonly sub: string },
  now: number,
): Promise<SignedToken> {
  const key = signingKey(scope.keys, now);
  const iat = Math.floor(now / 1000);
  const exp = iat + SECONDS;
  const token = await new SignJWT({ ...claims, env: scope.environment })
    .setProtectedHeader({ alg: "HS256", typ, kid: key.kid })
    .setIssuer(scope.issuer)
    .setAudience(scope.audience)
    .setIssuedAt(iat)
    .setExpirationTime(exp)
    .sign(key.secret);
  return { token, expires: exp * 1000 };
}

export type VerifyOwnToken =
  | { readonly ok: true; readonly payload: JWTPayload; readonly kid: string | undefined }
  | { readonly ok: false; readonly expired: boolean };

/**
 * @param claims that it must have beside those of every such token
 * @param now UTC milliseconds.
 * @param tolerance seconds that it may be past its time
 */
export async function verifyOwnToken(
  scope: OwnTokenScope,
  { typ, claims }: { readonly typ: string; readonly claims: readonly string[] },
  token: string,
  now: number,
  tolerance = 0,
): Promise<VerifyOwnToken> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, (header) => keyWithId(scope, header.kid, now), {
      algorithms: ["HS256"],
      typ,
      issuer: scope.issuer,
      audience: scope.audience,
      requiredClaims: ["sub", "env", "iat", "exp", ...claims],
      currentDate: new Date(now),
      clockTolerance: tolerance,
    });
    const isHere = payload["env"] === scope.environment;
    return isHere ? { ok: true, payload, kid: protectedHeader.kid } : { ok: false, expired: false };
  } catch (error) {
    if (error instanceof errors.JOSEError) return { ok: false, expired: error instanceof errors.JWTExpired };
    throw error;
  }
}

/** One of those that verify now. */
function keyWithId(scope: OwnTokenScope, kid: string | undefined, now: number): CryptoKey {
  const key = ownTokenKeys(scope, now).find((candidate) => candidate.kid === kid);
  if (key === undefined) throw new errors.JWSSignatureVerificationFailed();
  return key.secret;
}

/** Those that verify now. */
export function ownTokenKeys(scope: OwnTokenScope, now: number): readonly OwnTokenKey[] {
  return verifyingKeys("session", scope.keys, now);
}
