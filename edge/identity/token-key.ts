/** What tells one token of an issuer from every other, so that it is used once. */
import type { JWTPayload } from "jose";

export function tokenKey({ iss = "", jti }: JWTPayload, token: string): string {
  return typeof jti === "string" && jti !== "" ? `${iss} ${jti}` : signedPart(token);
}

/** A signature can often be written in another way that verifies as well; what it signs can't, byte for byte. */
function signedPart(token: string): string {
  return token.slice(0, token.lastIndexOf("."));
}
