/** A private Ed25519 key as a secret holds it: a JWK (RFC 8037). */
import { importJWK } from "jose";
import type { JWK } from "jose";
import * as z from "zod/mini";
import { sha256Hex } from "./digest.ts";

export interface Ed25519Secret {
  readonly key: CryptoKey;
  /** The public half in base64url. */
  readonly x: string;
  readonly kid: string;
}

const privateJwk = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string().check(z.regex(/^[\w-]{43}$/)),
  d: z.string().check(z.regex(/^[\w-]{43}$/)),
});

/** Null for whatever is none. @param value the JWK, or its text parsed */
export async function readEd25519Secret(value: unknown): Promise<Ed25519Secret | null> {
  const read = privateJwk.safeParse(value);
  if (!read.success) return null;
  const { kty, crv, x } = read.data;
  const key = await importKey(read.data);
  if (!(await belongTogether(key, { kty, crv, x }))) return null;
  return { key, x, kid: sha256Hex(x).slice(0, 16) };
}

/** Importing a pair doesn't compare its halves, and signatures that no published key verifies would help nobody. */
async function belongTogether(privateKey: CryptoKey, publicHalf: JWK): Promise<boolean> {
  const probe = new TextEncoder().encode("agentpolicy");
  const signature = await crypto.subtle.sign("Ed25519", privateKey, probe);
  const publicKey = await importKey(publicHalf);
  return crypto.subtle.verify("Ed25519", publicKey, signature, probe);
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, "EdDSA");
  if (key instanceof Uint8Array) throw new Error("an Ed25519 key is no symmetric one");
  return key;
}
