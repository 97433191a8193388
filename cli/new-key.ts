/** A fresh Ed25519 key pair of an agent: the private half in a file, the public half for the policy. */
import { exportJWK, generateKeyPair } from "jose";
import { writeWhole } from "./write-file.ts";

/** Writes the private JWK for this user only and returns the public key in base64url. Never overwrites. */
export async function newKey(file: string): Promise<string> {
  const pair = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const { kty, crv, x = "", d } = await exportJWK(pair.privateKey);
  await writeWhole(file, `${JSON.stringify({ kty, crv, x, d })}\n`, { mode: 0o600, exclusive: true });
  return x;
}
