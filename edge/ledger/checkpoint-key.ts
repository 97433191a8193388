/** The keys that sign checkpoints, from the secrets of a deployment. */
import { readEd25519Secret } from "../ed25519-secret.ts";
import type { Ed25519Secret } from "../ed25519-secret.ts";
import { secretsOf } from "../key-ring.ts";
import type { DatedKey, KeyRing } from "../key-ring.ts";
import { parseJson } from "../parse-json.ts";

export type CheckpointKeys = KeyRing<Ed25519Secret>;

/** Null when there is none, or one of them can't be read. @param env the bindings, by name */
export async function readCheckpointKeys(env: object): Promise<CheckpointKeys | null> {
  const keys: DatedKey<Ed25519Secret>[] = [];
  for (const { from, key: text } of secretsOf("checkpoint", env)) {
    const key = await readEd25519Secret(parseJson(text));
    if (key === null) return null;
    keys.push({ from, key });
  }
  return keys.length === 0 ? null : keys;
}

/** A JWK that no library takes for one that signs tokens: its `use` is none of theirs. */
export interface PublishedCheckpointKey {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly x: string;
  readonly kid: string;
  readonly use: "checkpoint";
}

/** All of them, the newest first: auditors keep what any of them signed. */
export function publishedCheckpointKeys(keys: CheckpointKeys): readonly PublishedCheckpointKey[] {
  return keys.map(({ key: { x, kid } }) => ({ kty: "OKP", crv: "Ed25519", x, kid, use: "checkpoint" }));
}
