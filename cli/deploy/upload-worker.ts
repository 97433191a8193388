/** Hands a folder with a Worker to wrangler, together with the secrets that the Worker lacks. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ExportsFile } from "../exports-file.ts";
import { Failure, usage } from "../failure.ts";
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
export async function uploadWorker(folder: string, worker: string, exports: ExportsFile | null = null): Promise<void> {
  const present = await presentSecrets(folder, worker);
  const secrets = { ...(await newSecrets(present)), ...exportSecrets(exports, present) };
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

/** Those that the Worker lacks and the environment has. */
function exportSecrets(exports: ExportsFile | null, present: readonly string[]): ExportsFile["secrets"] {
  const lacking = (exports?.names ?? []).filter((name) => !present.includes(name));
  const unknown = lacking.filter((name) => exports?.secrets[name] === undefined);
  if (unknown.length > 0)
    throw usage(
      `the exports name ${unknown.join(", ")}, which the Worker lacks`,
      "set it in the environment of this command",
    );
  return Object.fromEntries(lacking.map((name) => [name, exports?.secrets[name] ?? ""]));
}

/** None where there is no such Worker; any other trouble is no reason to believe so, since keys are never replaced. */
async function presentSecrets(folder: string, worker: string): Promise<readonly string[]> {
  const { code, output } = await runWrangler(["secret", "list", "--format", "json", ...CONFIG], folder);
  if (code === 0) return secretNames(output);
  if (output.includes(`Worker "${worker}" not found`)) return [];
  throw new Failure(3, `the Worker's secrets can't be listed:\n${output.trim()}`);
}
