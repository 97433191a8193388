/** What a token says of itself, before anything is proved: good for choosing a way to verify it, for nothing else. */
import { decodeJwt } from "jose";
import type { JWTPayload } from "jose";

export function unverifiedClaims(token: string): JWTPayload | null {
  try {
    return decodeJwt(token);
  } catch {
    // Anything may stand in a header; what doesn't decode says nothing.
    return null;
  }
}
