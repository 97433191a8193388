/**
 * What a README shows behind `$ agentpolicy …` is what the command prints. `UPDATE_READMES=1` writes it anew, but not in
 * CI, where a difference is a failure.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const BLOCK = /^```\n\$ agentpolicy ([^\n]*)\n(?:[^`][^\n]*\n|\n)*```$/gm;

const READMES = readdirSync(join(ROOT, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => `examples/${entry.name}/README.md`);

function run(line: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["cli/bin.js", ...line.split(" ")], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  expect(status, `agentpolicy ${line}\n${stderr}`).toBe(0);
  const text = `${stdout}${stderr}`.replaceAll(/[ \t]+$/gm, "").trim();
  return `\`\`\`\n$ agentpolicy ${line}\n${text}\n\`\`\``;
}

test.each(READMES)("%s shows what the command prints", { timeout: 120_000 }, (path) => {
  const text = readFileSync(join(ROOT, path), "utf8");
  const printed = text.replaceAll(BLOCK, (_block, line: string) => run(line));
  if (process.env["UPDATE_READMES"] === "1" && process.env["CI"] === undefined) {
    writeFileSync(join(ROOT, path), printed);
  } else expect(text).toBe(printed);
});
