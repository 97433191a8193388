/**
 * Rotates a key of a deployed Worker through wrangler. Its secrets can be written and listed, never read; so each key
 * has a secret of its own, whose name says from when it signs.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KEY_TIMES, keyTime } from "../../edge/key-times.ts";
import type { KeyKind } from "../../edge/key-times.ts";
import { newEd25519Key } from "../ed25519-key.ts";
import { requireWrangler } from "../deploy/run-wrangler.ts";
import { secretNames } from "../deploy/secret-names.ts";
import { environment } from "../failure.ts";
import { newSymmetricKey } from "../new-key.ts";
import { writeWhole } from "../write-file.ts";
import { planRotation } from "./plan-rotation.ts";
import type { Rotation } from "./plan-rotation.ts";
import { secretName } from "../secret-name.ts";

/** @param now UTC seconds. @throws Failure when the Worker can't be reached or has no key yet. */
export async function planDeployed(worker: string, kind: KeyKind, now: number, drop: boolean): Promise<Rotation> {
  const { secret, known_before } = KEY_TIMES[kind];
  const listed = await withWrangler(worker, ["secret", "list", "--format", "json"]);
  const present = secretNames(listed).flatMap((name) => keyTime(kind, name) ?? []);
  if (present.length === 0)
    throw environment(`the Worker ${worker} has no \`${secret}\` yet`, "deploy it first: that makes its keys");
  return planRotation({ kind, present, now, lead: known_before, drop });
}

/** All at once, in one new version of the Worker. The keys go to wrangler's standard input and nowhere else. */
export async function rotateDeployed(
  worker: string,
  kind: KeyKind,
  plan: Rotation & { kind: "rotate" },
): Promise<void> {
  const secrets: Record<string, string | null> = {};
  for (const from of plan.removed) secrets[secretName(kind, from)] = null;
  for (const from of plan.made) secrets[secretName(kind, from)] = await newSecret(kind);
  await withWrangler(worker, ["secret", "bulk"], JSON.stringify(secrets));
}

async function newSecret(kind: KeyKind): Promise<string> {
  return kind === "session" ? newSymmetricKey() : JSON.stringify(await newEd25519Key());
}

/** In a folder of its own, so that no configuration of the project's own Workers is taken for this one's. */
async function withWrangler(worker: string, args: readonly string[], input = ""): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "agentpolicy-keys-"));
  try {
    await writeWhole(join(folder, "wrangler.json"), JSON.stringify({ name: worker, send_metrics: false }));
    return await requireWrangler([...args, "--config", "wrangler.json"], folder, input);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
