/** What the edge can't do yet of a policy is said before anything rests on it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { NEEDS } from "../../engine/index.ts";
import { undelivered } from "../../edge/delivered.ts";
import { agentpolicy, firstPolicyFolder } from "./run-command.ts";

const DECOYS = "approval watchful {\n  approvers sales_leads\n  within    1h\n  decoys    1 in 20\n}\n";

test("deploy says what becomes of decoys that the edge can't mix in", async () => {
  using folder = firstPolicyFolder();
  writeFileSync(join(folder.path, "more.agentpolicy"), DECOYS);
  const { code, stderr } = await agentpolicy(["deploy", "--dry-run"], {
    cwd: folder.path,
    env: { CLOUDFLARE_API_TOKEN: "", CLOUDFLARE_API_BASE_URL: "http://127.0.0.1:9", HTTPS_PROXY: "http://127.0.0.1:9" },
  });
  expect(stderr.replaceAll(/\s+/g, " ")).toContain("not enforced here yet: `decoys …`: this edge mixes none in yet");
  expect(code).toBe(0);
});

test("every need has its own words, and a policy without needs has none", () => {
  const told = undelivered({ needs: NEEDS });
  expect(new Set(told.map(({ meaning }) => meaning)).size).toBe(told.length);
  expect(told.map(({ need }) => need)).not.toContain("canaries");
  expect(undelivered({ needs: [] })).toEqual([]);
});

test("the documentation says what the edge delivers, need by need", () => {
  const page = readFileSync(new URL("../../docs/language.md", import.meta.url), "utf8");
  const section = page.slice(page.indexOf("\n## What an edge delivers"));
  const rows = [...section.slice(0, section.indexOf("\n## ", 1)).matchAll(/^\| ([a-z ]+) \| (.*) \|$/gm)];
  const missing = new Set(undelivered({ needs: NEEDS }).map(({ need }) => need));
  expect(rows.map(([, need, state]) => [need, state])).toEqual(
    NEEDS.map((need) => [need, missing.has(need) ? "compiled and tested, not delivered yet" : "delivered"]),
  );
});

test.each(["check", "test"])("%s counts what the edge doesn't enforce yet", async (command) => {
  using folder = firstPolicyFolder();
  expect((await agentpolicy([command], { cwd: folder.path })).stderr).not.toContain("enforced by the edge yet");
  writeFileSync(join(folder.path, "more.agentpolicy"), DECOYS);
  const { code, stderr } = await agentpolicy([command], { cwd: folder.path });
  expect(stderr.replaceAll(/\s+/g, " ")).toContain(
    "1 thing this policy needs isn't enforced by the edge yet: decoys; `agentpolicy dev` says what that means",
  );
  expect(code).toBe(0);
});
