/** What `agentpolicy check`, built as it is published, takes of a machine: the whole process, not only its heap. */
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { policyOfLines } from "../../bench/compiler/policy-of-lines.ts";
import { hardInputs } from "./hard-inputs.ts";

const root = new URL("../../", import.meta.url).pathname;
const size = 1_000_000;
/** Between 140 and 225 where this was measured: when garbage is found depends on the machine's other work. */
const megabytes = 250;

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "agentpolicy-memory-"));
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const dist = ["--outDir", join(folder, "dist"), "--declaration", "false"];
  execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json"), ...dist]);
  mkdirSync(join(folder, "cli"));
  for (const file of ["cli/bin.js", "package.json"]) copyFileSync(join(root, file), join(folder, file));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(
    join(folder, "tell-peak.mjs"),
    'import { writeSync } from "node:fs";\nprocess.on("exit", () => writeSync(3, String(process.resourceUsage().maxRSS)));\n',
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Megabytes of the process at its largest, and its exit code. */
function check(text: string): { readonly peak: number; readonly status: number | null } {
  const file = join(folder, "policy.agentpolicy");
  writeFileSync(file, text);
  const command = [join(folder, "cli", "bin.js"), "check", file];
  const { output, status } = spawnSync(process.execPath, ["--import", join(folder, "tell-peak.mjs"), ...command], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "", NODE_DISABLE_COMPILE_CACHE: "1" },
    encoding: "utf8",
  });
  return { peak: Number(output[3]) / 1024, status };
}

/** Of all inputs of the fuzzer those that take most, each in its own way. */
const heaviest = [
  ["declarations", "actions", 0],
  ["declarations", "actions of one prefix", 1],
  ["declarations", "roles", 1],
  ["declarations", "one action many times", 1],
  ["rules of a role", "rules by class", 1],
  ["texts", "at signs", 1],
  ["wide", "many roles of one agent", 1],
  ["wide", "many patterns", 0],
  ["wide", "a long list", 0],
] as const;

test.each(heaviest)("a megabyte of %s: %s is checked within 250 MB", { timeout: 60_000 }, (kind, name, code) => {
  const made = hardInputs[kind]?.[name]?.(size);
  const { peak, status } = check(made ?? "");
  expect(status).toBe(code);
  expect(peak).toBeLessThan(megabytes);
});

test("a sound policy of a megabyte is checked within 250 MB", { timeout: 60_000 }, () => {
  const { peak, status } = check(policyOfLines(29_000));
  expect(status).toBe(0);
  expect(peak).toBeLessThan(megabytes);
});
