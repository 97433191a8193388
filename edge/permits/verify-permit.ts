/** A permit that comes back: one that this deployment signed, and that is still good. */
import { createLocalJWKSet, errors, jwtVerify } from "jose";
import { isSessionId } from "../ids.ts";
import { PERMIT_TYPE } from "../token-type.ts";
import { type PermitSigner, publicKeys } from "./sign-permit.ts";

export interface VerifiedPermit {
  readonly jti: string;
  readonly session: string;
  readonly agent: string;
  readonly action: string;
  /** Under which it was signed. */
  readonly policy: string;
  /** UTC milliseconds. */
  readonly expires: number;
}

/** @param now UTC milliseconds. @returns null where it isn't one */
export async function verifyPermit(signer: PermitSigner, permit: string, now: number): Promise<VerifiedPermit | null> {
  const keys = createLocalJWKSet({ keys: [...publicKeys(signer, now)] });
  try {
    const { payload } = await jwtVerify(permit, keys, {
      algorithms: ["EdDSA"],
      typ: PERMIT_TYPE,
      issuer: signer.issuer,
      audience: signer.audience,
      requiredClaims: ["sub", "sid", "act", "jti", "iat", "exp"],
      currentDate: new Date(now),
    });
    const { jti = "", sid, sub = "", act, policy, exp = 0 } = payload;
    if (typeof sid !== "string" || !isSessionId(sid) || typeof act !== "string") return null;
    return { jti, session: sid, agent: sub, action: act, policy: String(policy), expires: exp * 1000 };
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}
