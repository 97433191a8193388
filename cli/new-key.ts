/** A fresh Ed25519 key pair of an agent: the private half in a file, the public half for the policy. */
import { newEd25519Key } from "./ed25519-key.ts";
import { writeWhole } from "./write-file.ts";

/** Writes the private JWK for this user only and returns the public key in base64url. Never overwrites. */
export async function newKey(file: string): Promise<string> {
  const key = await newEd25519Key();
  await writeWhole(file, `${JSON.stringify(key)}\n`, { mode: 0o600, exclusive: true });
  return key.x;
}
