/**
 * Tries the parser, the compiler and the formatter on inputs that nobody wrote. `FUZZ_RUNS` random inputs of each kind
 * (1,000 unless said), or as many as `FUZZ_SECONDS` allows, from `FUZZ_SEED` on; then every hard input with `FUZZ_SIZE`
 * bytes (1,000,000 unless said). Each runs in a process of its own with 200 MB of heap, and is ended after a minute.
 */
import { spawnSync } from "node:child_process";
import { hardInputs } from "./hard-inputs.ts";

const MEGABYTES = 200;
const LONGEST = Number(process.env["FUZZ_LONGEST"] ?? 60_000);

interface Report {
  readonly line: string;
  readonly failed: boolean;
}

/** Runs one task in a process of its own. */
function run(task: readonly string[], milliseconds: number): Report {
  const script = new URL("one-task.ts", import.meta.url).pathname;
  const flags = ["--conditions=agentpolicy-source", `--max-old-space-size=${MEGABYTES}`];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [...flags, script, ...task], {
    timeout: milliseconds,
    encoding: "utf8",
  });
  if (status === 0) return { line: stdout.trim(), failed: false };
  const reason = signal === "SIGTERM" ? `no answer within ${milliseconds / 1000} s` : `${stdout}${lastWords(stderr)}`;
  return { line: `${task.join(" ")}: ${reason.trim()}`, failed: true };
}

function lastWords(text: string): string {
  const lines = text.split("\n").filter((line) => /Error|heap|^\s+at /.test(line));
  return lines.slice(0, 6).join("\n");
}

function main(): void {
  const [runs, seconds, seed, size] = ["RUNS", "SECONDS", "SEED", "SIZE"].map((key) => process.env[`FUZZ_${key}`]);
  const random = ["bytes", "tokens", "mutated", "grammar"].map((kind) => [
    "random",
    kind,
    seed ?? "1",
    runs ?? "1000",
    seconds ?? "0",
  ]);
  const hard = Object.entries(hardInputs).flatMap(([kind, cases]) =>
    Object.keys(cases).map((name) => ["hard", kind, name, size ?? "1000000"]),
  );
  const patience = LONGEST + (seconds === undefined ? Number(runs ?? 1000) * 1_000 : Number(seconds) * 1_000);
  let failures = 0;
  for (const task of [...random, ...hard]) {
    const { line, failed } = run(task, task[0] === "random" ? patience : LONGEST);
    if (failed) failures++;
    process.stdout.write(`${failed ? "FAILED " : ""}${line}\n`);
  }
  process.stdout.write(`${failures} of ${random.length + hard.length} tasks failed\n`);
  process.exitCode = failures === 0 ? 0 : 1;
}

main();
