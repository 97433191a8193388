/** What `docs/http-api.md` shows works as it stands: its shell examples in one shell, in order, its programs under strict. */
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startEdge } from "../../cli/local/start-edge.ts";
import { codeBlocks, projectWith, typeCheck } from "./documented.ts";
import { agentpolicy, BIN, folderWith, ROOT, run } from "./run-command.ts";

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

const TWO_AGENTS = (planner: string, writer: string): string => `
role cleaner {
  allow mail.send
  limit mail.send to 5 in 1h per agent
}

agent planner {
  owner    team
  purpose  "Plans"
  roles    assistant
  may call writer for notes.write
  may become cleaner via team_review for 30m
  ${planner}
  review   by 2027-05-22
}

agent writer {
  owner    team
  purpose  "Writes"
  roles    assistant
  ${writer}
  review   by 2027-05-22
}
`;

test("the shell examples of delegation and elevation work with a policy that offers them", async () => {
  using folder = folderWith({});
  const cwd = folder.path;
  expect(await agentpolicy(["init"], { cwd })).toMatchObject({ code: 0 });
  const identity = async (name: string): Promise<string> => (await agentpolicy(["keys", "new", name], { cwd })).stdout;
  appendFileSync(join(cwd, "policy.agentpolicy"), TWO_AGENTS(await identity("planner"), await identity("writer")));
  const compiled = await agentpolicy(["compile"], { cwd });
  expect(compiled.stderr).not.toContain("error[");
  const edge = await startEdge({ table: compiled.stdout, directory: join(cwd, ".agentpolicy") });
  try {
    const [prepare = ""] = codeBlocks(PAGE, "sh");
    const blocks = codeBlocks(PAGE, "bash");
    expect(blocks).toHaveLength(2);
    const strict = 'set -euo pipefail\ncurl() { command curl --fail-with-body "$@"; }\n';
    const own = `npx() { shift; "${process.execPath}" "${BIN}" "$@"; }\n`;
    const script = [prepare, ...blocks, 'echo; echo "$WRITER"'].join("\n").replace("?wait=30", "?wait=0");
    const { code, stdout, stderr } = await run("bash", ["-c", strict + own + script], { cwd });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr).toMatch(/session ses_\w+\.1 of writer, until/);
    expect(stdout).toContain("planner asks for role cleaner for 30m");
    expect(stdout).toMatch(/"id":"apr_\w+","status":"pending"/);
    expect(stdout.trim().split("\n").at(-1)).toMatch(/^eyJ/);
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
