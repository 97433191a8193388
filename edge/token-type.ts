/**
 * The `typ` of each token that this product signs or asks for (RFC 8725, section 3.11): a credential is good for one
 * kind of call, so that none is ever taken for another. Reading a type is no verification.
 */
import { decodeProtectedHeader } from "jose";

export const SESSION_TOKEN_TYPE = "agentpolicy-session+jwt";
/** What a gateway asks with (`POST /v1/gateway/token`). */
export const GATEWAY_TOKEN_TYPE = "agentpolicy-gateway+jwt";
export const PERMIT_TYPE = "agentpolicy-permit+jwt";
/** Of an agent's or gateway's assertion (draft-ietf-oauth-rfc7523bis). */
export const AGENT_ASSERTION_TYPE = "client-authentication+jwt";

/** Headers by which a token would bring or point to the key that is to verify it, or demand what isn't understood here. */
export const FOREIGN_KEY_HEADERS = ["jwk", "jku", "x5u", "x5c", "crit", "b64"] as const;

/** The type that the token claims, lower-cased and without `application/`; null when it isn't a JWS. */
export function typeOf(token: string): string | null {
  try {
    const { typ } = decodeProtectedHeader(token);
    return typeof typ === "string" ? plainType(typ) : "";
  } catch {
    // Anything may stand in a header or a body; what doesn't decode has no type.
    return null;
  }
}

/** Types compare without regard to case and to the prefix that may be left out (RFC 7515, section 4.1.9). */
export function plainType(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, "");
}

export function isSessionToken(token: string): boolean {
  return typeOf(token) === SESSION_TOKEN_TYPE;
}

export function isGatewayToken(token: string): boolean {
  return typeOf(token) === GATEWAY_TOKEN_TYPE;
}

/** Tokens that this edge gave out to ask with, and that have no place in a body. */
export function isOwnToken(token: string): boolean {
  return isSessionToken(token) || isGatewayToken(token);
}
