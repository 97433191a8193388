/**
 * The `typ` of each token that this product signs or asks for (RFC 8725, section 3.11): a credential is good for one
 * kind of call, so that none is ever taken for another. Reading a type is no verification.
 */
import { decodeProtectedHeader } from "jose";

export const SESSION_TOKEN_TYPE = "agentpolicy-session+jwt";
export const PERMIT_TYPE = "agentpolicy-permit+jwt";
/** Of an agent's assertion (draft-ietf-oauth-rfc7523bis). */
export const AGENT_ASSERTION_TYPE = "client-authentication+jwt";

const OWN_TYPES: readonly string[] = [SESSION_TOKEN_TYPE, PERMIT_TYPE, AGENT_ASSERTION_TYPE];

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

/** Whether the token claims to be one of ours, and so can't be an identity provider's. */
export function isOwnType(token: string): boolean {
  const type = typeOf(token);
  return type !== null && OWN_TYPES.includes(type);
}
