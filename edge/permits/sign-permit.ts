/**
 * A permit: what an agent shows to the service that executes the action. A JWS with EdDSA, good for 60 seconds and once.
 * Everything in it is stored with the answer and Ed25519 is deterministic, so a retry signs the same bytes.
 */
import { CompactSign } from "jose";
import { PERMIT_TYPE } from "../token-type.ts";
import { signingKey, verifyingKeys } from "../key-ring.ts";
import type { KeyRing } from "../key-ring.ts";
import type { Answer } from "../rpc.ts";

/** A JWK that anyone may read. */
export interface PublicKey {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly kid: string;
  readonly alg: string;
  readonly use: string;
}

export interface PermitSigner {
  /** The edge's origin. */
  readonly issuer: string;
  /** Policy and environment. */
  readonly audience: string;
  readonly keys: KeyRing<PermitKey>;
}

export interface PermitKey {
  readonly key: CryptoKey;
  readonly kid: string;
  /** Its public half. */
  readonly published: PublicKey;
}

/** What `/.well-known/jwks.json` shows; the current one first. @param now UTC milliseconds. */
export function publicKeys({ keys }: PermitSigner, now: number): readonly PublicKey[] {
  return verifyingKeys("permit", keys, now).map(({ published }) => published);
}

/** What the permit is for; the answer brings the rest. */
export interface PermitSubject {
  readonly agent: string;
  readonly session: string;
  readonly action: string;
  /** 64 hex digits. */
  readonly args_sha256: string;
}

export async function signPermit(
  signer: PermitSigner,
  subject: PermitSubject,
  answer: Answer,
  permit: NonNullable<Answer["permit"]>,
): Promise<string> {
  const claims = {
    iss: signer.issuer,
    aud: signer.audience,
    sub: subject.agent,
    sid: subject.session,
    act: subject.action,
    res: answer.resources,
    args_sha256: subject.args_sha256,
    dec: answer.decision_id,
    jti: permit.jti,
    policy: permit.policy,
    iat: permit.iat,
    exp: permit.exp,
  };
  // By the permit's own time and not by the clock, so that a retry gets the same bytes although a key was replaced.
  const { kid, key } = signingKey(signer.keys, permit.iat * 1000);
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: "EdDSA", typ: PERMIT_TYPE, kid })
    .sign(key);
}
