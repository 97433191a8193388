/** A deployment's upload, by the real wrangler against a stand-in of Cloudflare's API. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { uploadWorker } from "../../cli/deploy/upload-worker.ts";
import { SECRETS } from "../../cli/deploy/wrangler-config.ts";
import { account, cloudflareApi } from "./cloudflare-api.ts";
import { agentpolicy, firstPolicyFolder } from "./run-command.ts";
import type { Folder } from "./run-command.ts";

const WORKER = "agentpolicy-first-policy";

let folder: Folder;
let built: string;

/** An upload leaves what was built as it was. */
beforeAll(async () => {
  folder = firstPolicyFolder();
  expect(await agentpolicy(["deploy", "--dry-run"], { cwd: folder.path })).toMatchObject({ code: 0 });
  built = join(folder.path, ".agentpolicy/deploy/production");
});
afterAll(() => folder[Symbol.dispose]());
afterEach(() => vi.unstubAllEnvs());

function talkTo(url: string): void {
  for (const [name, value] of Object.entries(account(url))) vi.stubEnv(name, value);
}

test("a Worker that doesn't exist yet is made with its secrets, and none stays on the disk", async () => {
  using api = await cloudflareApi(WORKER, null);
  talkTo(api.url);
  await uploadWorker(built, WORKER);
  expect(api.exists()).toBe(true);
  expect([...api.secrets.keys()].toSorted()).toEqual([...SECRETS].toSorted());
  expect(api.secrets.get("ARGS_MAC_KEY")).toMatch(/^[\w-]{43}$/);
  expect(JSON.parse(api.secrets.get("PERMIT_KEY") ?? "")).toMatchObject({ crv: "Ed25519" });
  expect(readdirSync(built)).not.toContain("secrets.json");
});

test("a Worker that has them keeps them, and gets what it lacks", async () => {
  using api = await cloudflareApi(WORKER, ["SESSION_TOKEN_KEY", "ARGS_MAC_KEY"]);
  talkTo(api.url);
  await uploadWorker(built, WORKER);
  expect(api.secrets.get("SESSION_TOKEN_KEY")).toBe("unreadable");
  for (const name of ["PERMIT_KEY", "CHECKPOINT_KEY"])
    expect(JSON.parse(api.secrets.get(name) ?? "")).toMatchObject({ crv: "Ed25519" });
  const kept = new Map(api.secrets);
  await uploadWorker(built, WORKER);
  expect(api.secrets).toEqual(kept);
});

test("where the secrets can't be listed, nothing is uploaded", async () => {
  using api = await cloudflareApi(WORKER, []);
  talkTo(api.url);
  vi.stubEnv("CLOUDFLARE_API_TOKEN", "of somebody else");
  await expect(uploadWorker(built, WORKER)).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining("the Worker's secrets can't be listed"),
  });
  expect(api.calls.filter((call) => call.startsWith("PUT"))).toEqual([]);
  expect(existsSync(join(built, "secrets.json"))).toBe(false);
});
