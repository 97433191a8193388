/** `npm run new:check NAME` in a copy of the repository: what it writes works, once its TODOs are done. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../cli/run-command.ts";

const FOLDERS = ["compiler", "dsl", "engine", "tasks", "docs/diagnostics", "test/corpus/diagnostics"];

let copy = "";

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "agentpolicy-new-check-"));
  for (const folder of FOLDERS) cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
  cpSync(join(ROOT, "package.json"), join(copy, "package.json"));
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

function run(...args: readonly string[]): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8" });
  return { status, text: stdout + stderr };
}

function newCheck(...args: readonly string[]): ReturnType<typeof run> {
  return run("--conditions=agentpolicy-source", "tasks/new-check.ts", ...args);
}

/** Codes that the copy's compiler finds in a file of the copy. */
function codesIn(file: string): readonly string[] {
  const script = `import { readFileSync } from "node:fs";
    import { compile } from "./compiler/index.ts";
    const text = readFileSync(${JSON.stringify(file)}, "utf8");
    console.log(JSON.stringify(compile([{ name: "p.agentpolicy", text }]).diagnostics.map(({ code }) => code)));`;
  const { status, text } = run("--input-type=module", "--conditions=agentpolicy-source", "-e", script);
  expect({ status, text }).toMatchObject({ status: 0 });
  return JSON.parse(text) as readonly string[];
}

test("the script stands in package.json", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  expect(scripts["new:check"]).toContain("tasks/new-check.ts");
});

test("a name that isn't in kebab-case writes nothing", () => {
  for (const args of [[], ["LoudAgent"], ["loud agent"], ["../loud"], ["loud", "agent"]]) {
    expect(newCheck(...args)).toMatchObject({ status: 2 });
  }
});

test("writes a check, a page and a case, registers them, and works once the TODOs are done", () => {
  const { status, text } = newCheck("loud-agent");
  expect({ status, text }).toMatchObject({ status: 0 });
  const code = /^(AP41\d\d) loud-agent/.exec(text)?.[1] ?? "none";
  const check = join(copy, "compiler/checks/loud-agent.ts");
  const corpus = join(copy, "test/corpus/diagnostics/loud-agent.agentpolicy");
  for (const path of [check, corpus, join(copy, `docs/diagnostics/${code}.md`)]) {
    expect(existsSync(path)).toBe(true);
    expect(readFileSync(path, "utf8")).toContain("TODO");
  }
  const index = readFileSync(join(copy, "compiler/checks/index.ts"), "utf8");
  expect(index).toContain('import { checkLoudAgent } from "./loud-agent.ts";');
  expect(index).toMatch(/\n {2}checkLoudAgent,\n\];\n$/);
  expect(readFileSync(join(copy, "docs/diagnostics/README.md"), "utf8")).toContain(`[${code}](${code}.md): TODO`);
  expect(readFileSync(join(copy, "compiler/owasp/served-risks.ts"), "utf8")).toContain(`${code}: [], // TODO`);

  expect(codesIn(corpus)).toEqual([]);
  writeFileSync(check, readFileSync(check, "utf8").replace("rule.actions.length < 0", "rule.actions.length > 0"));
  expect(codesIn(corpus)).toEqual([code]);

  const again = newCheck("loud-agent");
  expect(again.status).toBe(2);
  expect(again.text).toContain("exists already");
});
