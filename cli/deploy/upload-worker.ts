/** Hands a folder with a Worker to wrangler, together with the secrets that the Worker lacks. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { writeWhole } from "../write-file.ts";
import { newSecrets } from "./new-secrets.ts";
import { requireWrangler, runWrangler } from "./run-wrangler.ts";
import { secretNames } from "./secret-names.ts";

const CONFIG = ["--config", "wrangler.json"];
const SECRETS_FILE = "secrets.json";

/**
 * The secrets go with the upload: wrangler takes no Worker without the secrets that it requires, and none for a Worker
 * that doesn't exist yet. Throws a `Failure`.
 */
export async function uploadWorker(folder: string, worker: string): Promise<void> {
  const secrets = await newSecrets(await presentSecrets(folder, worker));
  const deploy = ["deploy", ...CONFIG, "--durable-objects-code-update-mode", "immediate"];
  if (Object.keys(secrets).length === 0) {
    await requireWrangler(deploy, folder);
    return;
  }
  const file = join(folder, SECRETS_FILE);
  try {
    await writeWhole(file, JSON.stringify(secrets), { mode: 0o600 });
    await requireWrangler([...deploy, "--secrets-file", SECRETS_FILE], folder);
  } finally {
    await rm(file, { force: true });
  }
}

/** None where there is no such Worker; any other trouble is no reason to believe so, since keys are never replaced. */
async function presentSecrets(folder: string, worker: string): Promise<readonly string[]> {
  const { code, output } = await runWrangler(["secret", "list", "--format", "json", ...CONFIG], folder);
  if (code === 0) return secretNames(output);
  if (output.includes(`Worker "${worker}" not found`)) return [];
  throw new Failure(3, `the Worker's secrets can't be listed:\n${output.trim()}`);
}
