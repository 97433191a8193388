/** Agents with keys of their own, and what they sign to open a session. */
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { CryptoKey, JWK, JWTHeaderParameters } from "jose";

export interface AgentKeys<Name extends string = string> {
  readonly keys: ReadonlyMap<Name, CryptoKey>;
  /** As the policy names them: base64url. */
  readonly public: ReadonlyMap<Name, string>;
}

export async function makeKeys<Name extends string>(names: readonly Name[]): Promise<AgentKeys<Name>> {
  const keys = new Map<Name, CryptoKey>();
  const publicKeys = new Map<Name, string>();
  for (const name of names) {
    const pair = await generateKeyPair("EdDSA", { extractable: true });
    keys.set(name, pair.privateKey);
    publicKeys.set(name, (await exportJWK(pair.publicKey)).x ?? "");
  }
  return { keys, public: publicKeys };
}

/** What a test changes of an assertion. */
export interface Changes {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Partial<JWTHeaderParameters>;
}

/** A client assertion as RFC 7523 wants it, but for what the test changes. @param edge Its origin. */
export function signAssertion(
  edge: string,
  agent: string,
  key: CryptoKey | Uint8Array | JWK,
  { claims = {}, header = {} }: Changes = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const payload = { iss: agent, sub: agent, aud: edge, iat: now, exp: now + 60, jti: crypto.randomUUID(), ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg: "EdDSA", ...header }).sign(key);
}
