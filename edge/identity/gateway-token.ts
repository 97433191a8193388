/**
 * Gateway tokens: what a gateway that has proven itself asks with, so that it needn't prove itself for each question.
 * Good only while the policy has the gateway.
 */
import { GATEWAY_TOKEN_TYPE } from "../token-type.ts";
import { signOwnToken, verifyOwnToken } from "./own-token.ts";
import type { OwnTokenScope, SignedToken } from "./own-token.ts";

/** @param now UTC milliseconds. */
export async function signGatewayToken(scope: OwnTokenScope, gateway: string, now: number): Promise<SignedToken> {
  return signOwnToken(scope, GATEWAY_TOKEN_TYPE, { sub: gateway }, now);
}

export type VerifyGatewayToken =
  | { readonly ok: true; readonly gateway: string }
  | { readonly ok: false; readonly expired: boolean };

/** @param now UTC milliseconds. */
export async function verifyGatewayToken(
  scope: OwnTokenScope,
  token: string,
  now: number,
): Promise<VerifyGatewayToken> {
  const verified = await verifyOwnToken(scope, { typ: GATEWAY_TOKEN_TYPE, claims: [] }, token, now);
  return verified.ok ? { ok: true, gateway: verified.payload.sub ?? "" } : verified;
}
