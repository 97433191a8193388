/**
 * How long it takes to compile a policy: cold, in a process of its own, as `agentpolicy check` runs it; warm, again in
 * the same process; and after a change to one file of a hundred, as `agentpolicy dev` does. And how that grows with
 * the policy's length. `npm run bench:compiler` prints the tables; `-- --json FILE` writes them as well.
 */
import { median } from "../median.ts";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compile, createCompiler } from "../../compiler/index.ts";
import { changedFile, filesOfLines } from "./files-of-lines.ts";
import { policyOfLines } from "./policy-of-lines.ts";
import { type Growth, render, type Recheck, type Timing } from "./render.ts";

const LINES = [1_000, 3_000, 10_000, 30_000, 100_000] as const;
const RUNS = 5;
const FILES = 100;

const { values } = parseArgs({
  options: { json: { type: "string" }, once: { type: "string" }, recheck: { type: "string" } },
});

if (values.once !== undefined) process.stdout.write(JSON.stringify(timesOf(Number(values.once))));
else if (values.recheck !== undefined) process.stdout.write(JSON.stringify(recheckOf(Number(values.recheck))));
else report();

function report(): void {
  const timings = LINES.map(timingOf);
  const growth = timings.map((timing): Growth => {
    const [first] = timings;
    const linear = ((first?.warm_ms ?? Number.NaN) * timing.lines) / (first?.lines ?? 1);
    return { lines: timing.lines, to_linear: timing.warm_ms / linear };
  });
  const recheck = inProcess("--recheck", 10_000) as Recheck;
  const check_ms = checkOf(10_000);
  process.stdout.write(render({ timings, growth, recheck, check_ms }));
  const text = JSON.stringify({ timings, growth, recheck, check_ms }, null, 2);
  if (values.json !== undefined) writeFileSync(values.json, `${text}\n`);
}

function timingOf(lines: number): Timing {
  const count = lines > 10_000 ? 1 : RUNS;
  const runs = Array.from({ length: count }, () => inProcess("--once", lines) as { cold: number; warm: number });
  return { lines, cold_ms: median(runs.map((run) => run.cold)), warm_ms: median(runs.map((run) => run.warm)) };
}

/** This script again, in a process of its own. */
function inProcess(flag: string, lines: number): unknown {
  return JSON.parse(
    execFileSync(process.execPath, [...process.execArgv, import.meta.filename, flag, String(lines)]).toString(),
  );
}

/** The command itself, from its start to its end. */
function checkOf(lines: number): number {
  const folder = mkdtempSync(join(tmpdir(), "agentpolicy-bench-"));
  const command = new URL("../../cli/bin.js", import.meta.url).pathname;
  try {
    const file = join(folder, "bench.agentpolicy");
    writeFileSync(file, policyOfLines(lines));
    return median(
      Array.from({ length: RUNS }, () => {
        const start = performance.now();
        execFileSync(process.execPath, ["--conditions=agentpolicy-source", command, "check", file], { stdio: "pipe" });
        return performance.now() - start;
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The first compilation of this process, and the median of some more. */
function timesOf(lines: number): { cold: number; warm: number } {
  const sources = [{ name: "bench.agentpolicy", text: policyOfLines(lines) }];
  const cold = timeOf(() => compile(sources).table);
  const count = lines > 30_000 ? 1 : RUNS;
  return { cold, warm: median(Array.from({ length: count }, () => timeOf(() => compile(sources).table))) };
}

/** One file of a hundred is edited again and again; the others are read once. */
function recheckOf(lines: number): Recheck {
  const again = createCompiler();
  let sources = filesOfLines(lines, FILES);
  timeOf(() => again(sources).table);
  const times = Array.from({ length: RUNS * 4 }, (_, edit) => {
    sources = changedFile(sources, edit);
    return timeOf(() => again(sources).table);
  });
  return { files: FILES, lines, first_ms: times[0] ?? Number.NaN, median_ms: median(times) };
}

function timeOf(work: () => unknown): number {
  const start = performance.now();
  const made = work();
  const took = performance.now() - start;
  if (made === null) throw new Error("the policy of the bench doesn't compile");
  return took;
}
