/** Secrets of a deployment, made once. A key that is there already is never replaced: records are bound by it. */
import { newEd25519Key } from "../ed25519-key.ts";
import { newSymmetricKey } from "../new-key.ts";
import { SECRETS } from "./wrangler-config.ts";

type SecretName = (typeof SECRETS)[number];

/** @param present names of secrets that the Worker has. Returns those that it lacks, as wrangler's JSON takes them. */
export async function newSecrets(present: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const made: Record<string, string> = {};
  for (const name of SECRETS) if (!present.includes(name)) made[name] = await newSecret(name);
  return made;
}

async function newSecret(name: SecretName): Promise<string> {
  const signs = name === "PERMIT_KEY" || name === "CHECKPOINT_KEY";
  return signs ? JSON.stringify(await newEd25519Key()) : newSymmetricKey();
}
