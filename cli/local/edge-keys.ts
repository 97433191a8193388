/** The secrets of an edge on this machine: made once, kept beside its state, readable by their owner only. */
import { join } from "node:path";
import type { JWK } from "jose";
import * as z from "zod";
import { environment } from "../failure.ts";
import { newEd25519Key } from "../ed25519-key.ts";
import { newSymmetricKey } from "../new-key.ts";
import { writeWhole } from "../write-file.ts";
import { parseJson, readIfThere } from "./read-state.ts";

const privateKey = z.object({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string(), d: z.string() });

const dated = <Key extends z.ZodType>(key: Key) => z.array(z.object({ from: z.int().min(1), key }));

const edgeKeys = z.object({
  /** 32 random bytes in base64url. */
  session_token_key: z.string(),
  args_mac_key: z.string(),
  /** Ed25519 private keys as JWKs. */
  permit_key: privateKey,
  checkpoint_key: privateKey,
  development_issuer_key: privateKey,
  /** Those that took their places, with the second (UTC) from which each signs. */
  later: z
    .object({ session: dated(z.string()), permit: dated(privateKey), checkpoint: dated(privateKey).default([]) })
    .default({ session: [], permit: [], checkpoint: [] }),
});

const keysWithoutCheckpoints = edgeKeys.omit({ checkpoint_key: true }).strict();

export type EdgeKeys = z.output<typeof edgeKeys>;

/** @throws Failure when the file is damaged: new keys would make every stored token and record unverifiable. */
export async function readKeys(directory: string): Promise<EdgeKeys> {
  const path = pathOf(directory);
  const text = await readIfThere(path);
  if (text === null) return makeKeys(directory);
  const stored = parseJson(text);
  const older = keysWithoutCheckpoints.safeParse(stored);
  if (older.success) return addCheckpointKey(directory, older.data);
  const read = edgeKeys.safeParse(stored);
  if (read.success) return read.data;
  throw environment(`the keys in \`${path}\` are damaged`, "restore the file, or start anew with `--fresh`");
}

/** Made by a version that signed no checkpoints. */
async function addCheckpointKey(directory: string, keys: z.output<typeof keysWithoutCheckpoints>): Promise<EdgeKeys> {
  const all = edgeKeys.parse({ ...keys, checkpoint_key: await newEd25519Key() });
  await writeKeys(directory, all);
  return all;
}

async function makeKeys(directory: string): Promise<EdgeKeys> {
  const keys: EdgeKeys = {
    session_token_key: newSymmetricKey(),
    args_mac_key: newSymmetricKey(),
    permit_key: await newEd25519Key(),
    checkpoint_key: await newEd25519Key(),
    development_issuer_key: await newEd25519Key(),
    later: { session: [], permit: [], checkpoint: [] },
  };
  await writeKeys(directory, keys);
  return keys;
}

/** For this user only. */
export async function writeKeys(directory: string, keys: EdgeKeys): Promise<void> {
  await writeWhole(pathOf(directory), `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
}

export function pathOf(directory: string): string {
  return join(directory, "keys.json");
}

export function publicHalf(key: EdgeKeys["permit_key"]): JWK {
  const { kty, crv, x } = key;
  return { kty, crv, x };
}
