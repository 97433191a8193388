/**
 * Gateway tokens: what a gateway that has proven itself asks with, so that it needn't prove itself for each question.
 * Signed by the keys of session tokens and told apart from them by their type, and good only while the policy has the
 * gateway. Verifying one takes no I/O.
 */
import { errors, jwtVerify, SignJWT } from "jose";
import { signingKey } from "../key-ring.ts";
import { GATEWAY_TOKEN_TYPE } from "../token-type.ts";
import { keyWithId } from "./session-token.ts";
import type { SessionTokenScope } from "./session-token.ts";

const GATEWAY_TOKEN_SECONDS = 15 * 60;

/** @param now UTC milliseconds. @returns the token and when it expires (UTC ms). */
export async function signGatewayToken(
  scope: SessionTokenScope,
  gateway: string,
  now: number,
): Promise<{ readonly token: string; readonly expires: number }> {
  const key = signingKey(scope.keys, now);
  const iat = Math.floor(now / 1000);
  const exp = iat + GATEWAY_TOKEN_SECONDS;
  const token = await new SignJWT({ env: scope.environment })
    .setProtectedHeader({ alg: "HS256", typ: GATEWAY_TOKEN_TYPE, kid: key.kid })
    .setIssuer(scope.issuer)
    .setAudience(scope.audience)
    .setSubject(gateway)
    .setIssuedAt(iat)
    .setExpirationTime(exp)
    .sign(key.secret);
  return { token, expires: exp * 1000 };
}

export type VerifyGatewayToken =
  | { readonly ok: true; readonly gateway: string }
  | { readonly ok: false; readonly expired: boolean };

/** @param now UTC milliseconds. */
export async function verifyGatewayToken(
  scope: SessionTokenScope,
  token: string,
  now: number,
): Promise<VerifyGatewayToken> {
  try {
    const { payload } = await jwtVerify(token, (header) => keyWithId(scope, header.kid, now), {
      algorithms: ["HS256"],
      typ: GATEWAY_TOKEN_TYPE,
      issuer: scope.issuer,
      audience: scope.audience,
      requiredClaims: ["sub", "env", "iat", "exp"],
      currentDate: new Date(now),
    });
    const { sub = "", env } = payload;
    return env === scope.environment ? { ok: true, gateway: sub } : { ok: false, expired: false };
  } catch (error) {
    if (error instanceof errors.JOSEError) return { ok: false, expired: error instanceof errors.JWTExpired };
    throw error;
  }
}
