/** Fresh Ed25519 key pairs. */
import { exportJWK, generateKeyPair } from "jose";

/** The private half as a JWK (RFC 8037), which holds the public half as `x`. */
export interface Ed25519Key {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly x: string;
  readonly d: string;
}

export async function newEd25519Key(): Promise<Ed25519Key> {
  const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const { x, d } = await exportJWK(privateKey);
  if (x === undefined || d === undefined) throw new Error("an exported Ed25519 key has both halves");
  return { kty: "OKP", crv: "Ed25519", x, d };
}
