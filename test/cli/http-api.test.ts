/** What `docs/http-api.md` shows works as it stands: its shell examples in one shell, in order, its programs under strict. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startEdge } from "../../cli/local/start-edge.ts";
import { codeBlocks, projectWith, typeCheck } from "./documented.ts";
import { agentpolicy, folderWith, ROOT, run } from "./run-command.ts";

const PAGE = readFileSync(join(ROOT, "docs/http-api.md"), "utf8");

test("every shell example gets an answer that isn't a problem", { timeout: 120_000 }, async () => {
  using folder = folderWith({});
  const cwd = folder.path;
  expect(await agentpolicy(["init"], { cwd })).toMatchObject({ code: 0 });
  const table = (await agentpolicy(["compile"], { cwd })).stdout;
  const edge = await startEdge({ table, directory: join(cwd, ".agentpolicy") });
  try {
    // Nobody decides meanwhile, so that a wait would only take its time.
    const shown = codeBlocks(PAGE, "sh").map((block) => `${block.replace("?wait=30", "?wait=0")}\necho`);
    const strict = 'set -euo pipefail\ncurl() { command curl --fail-with-body "$@"; }\n';
    const { code, stdout, stderr } = await run("bash", ["-c", strict + shown.join("\n")], { cwd });
    expect({ code, stderr, end: stdout.slice(-500) }).toMatchObject({ code: 0, stderr: "" });
    for (const part of [
      '"token":"',
      '"status":"open"',
      '"decision":"ask"',
      '"status":"pending"',
      '"status":"approved"',
    ])
      expect(stdout).toContain(part);
    for (const part of [
      '"sessions_reached":1',
      '"status":"frozen"',
      '"kind":"session.frozen"',
      '"erased":true',
      '"ok":true',
    ])
      expect(stdout).toContain(part);
  } finally {
    await edge.stop();
  }
});

test("every program is type-correct under strict", async () => {
  const programs = codeBlocks(PAGE, "ts").map((text, at) => [`program-${at}.ts`, text] as const);
  expect(programs.length).toBeGreaterThan(1);
  using folder = projectWith(Object.fromEntries(programs));
  expect(await typeCheck(folder)).toMatchObject({ code: 0, stdout: "" });
});
