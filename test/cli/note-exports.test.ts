/** Where records will go is said before they do: which sinks, at whose host, and whether arguments go along. */
import { expect, test } from "vitest";
import { agentpolicy, firstPolicyFolder } from "./run-command.ts";
import type { RunOptions } from "./run-command.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const OFFLINE = { CLOUDFLARE_API_TOKEN: "", CLOUDFLARE_API_BASE_URL: "http://127.0.0.1:9", COLUMNS: "80" };
const SINKS = [
  { name: "lake", kind: "http", url: "https://lake.example/in/T0/B0/not-to-be-shown", authorization: "LAKE_AUTH" },
  { name: "hook", kind: "webhook", url: "https://hooks.example:8443/x", secrets: ["HOOK_SECRET"], arguments: true },
  {
    name: "archive",
    kind: "s3",
    endpoint: "https://r2.example",
    bucket: "agent-records",
    access_key_id: "R2_ID",
    secret_access_key: "R2_KEY",
  },
];

async function dryRun(sinks: readonly object[] | null, env: RunOptions["env"] = {}): Promise<string> {
  using folder = firstPolicyFolder();
  if (sinks !== null) writeFileSync(join(folder.path, "exports.json"), JSON.stringify(sinks));
  const args = ["deploy", "--dry-run", ...(sinks === null ? [] : ["--exports", "exports.json"])];
  const { code, stderr } = await agentpolicy(args, { cwd: folder.path, env: { ...OFFLINE, ...env } });
  expect(code).toBe(0);
  for (const line of stderr.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  return stderr.replaceAll(/\s+/g, " ");
}

test("a dry run names each sink and its host, and nothing else of its address", async () => {
  const said = await dryRun(SINKS, { LAKE_AUTH: "Bearer x", R2_ID: "a", R2_KEY: "b" });
  expect(said).toContain(
    "records are exported to lake (http, lake.example), hook (webhook, hooks.example:8443, with arguments), " +
      "archive (s3, agent-records at r2.example); `agentpolicy exports` says how that goes",
  );
  expect(said).toContain("HOOK_SECRET isn't set here: the Worker must have it already, else set it when you deploy");
  expect(said).not.toContain("not-to-be-shown");
});

test.each([
  ["without a file", null],
  ["with a file that names no sink", []],
])("a deployment %s says that records go nowhere", async (_name, sinks) => {
  expect(await dryRun(sinks)).toContain("records are exported nowhere; `--exports FILE` sends them on");
});
