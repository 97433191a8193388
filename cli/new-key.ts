/** Fresh keys: an agent's pair, the private half in a file and the public half for the policy; an edge's secret. */
import { randomBytes } from "node:crypto";
import { newEd25519Key } from "./ed25519-key.ts";
import { writeWhole } from "./write-file.ts";

/** Writes the private JWK for this user only and returns the public key in base64url. Never overwrites. */
export async function newKey(file: string): Promise<string> {
  const key = await newEd25519Key();
  await writeWhole(file, `${JSON.stringify(key)}\n`, { mode: 0o600, exclusive: true });
  return key.x;
}

/** 32 random bytes in base64url. */
export function newSymmetricKey(): string {
  return randomBytes(32).toString("base64url");
}
