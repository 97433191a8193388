/** The secrets of an edge on this machine: made once, kept beside its state, readable by their owner only. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { exportJWK, generateKeyPair } from "jose";
import type { JWK } from "jose";
import * as z from "zod";
import { environment, fileProblem } from "../failure.ts";
import { writeWhole } from "../write-file.ts";

const privateKey = z.looseObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string(), d: z.string() });

const edgeKeys = z.object({
  /** 32 random bytes in base64url. */
  session_token_key: z.string(),
  args_mac_key: z.string(),
  /** Ed25519 private keys as JWKs. */
  permit_key: privateKey,
  development_issuer_key: privateKey,
});

export type EdgeKeys = z.output<typeof edgeKeys>;

/** @throws Failure when the file is damaged: new keys would make every stored token and record unverifiable. */
export async function readKeys(directory: string): Promise<EdgeKeys> {
  const path = join(directory, "keys.json");
  const text = await readIfThere(path);
  if (text === null) return makeKeys(path);
  const read = edgeKeys.safeParse(parse(text));
  if (read.success) return read.data;
  throw environment(`the keys in \`${path}\` are damaged`, "restore the file, or start anew with `--fresh`");
}

async function makeKeys(path: string): Promise<EdgeKeys> {
  const keys: EdgeKeys = {
    session_token_key: randomBytes(32).toString("base64url"),
    args_mac_key: randomBytes(32).toString("base64url"),
    permit_key: await ed25519(),
    development_issuer_key: await ed25519(),
  };
  await writeWhole(path, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  return keys;
}

async function ed25519(): Promise<EdgeKeys["permit_key"]> {
  const { privateKey: key } = await generateKeyPair("EdDSA", { extractable: true });
  return privateKey.parse(await exportJWK(key));
}

export function publicHalf(key: EdgeKeys["permit_key"]): JWK {
  const { kty, crv, x } = key;
  return { kty, crv, x };
}

/** Null when there is none. @throws Failure when it can't be read. */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw environment(`\`${path}\` ${fileProblem(error)}`);
  }
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Both readers of these files say what is wrong with them as a whole.
    return null;
  }
}
