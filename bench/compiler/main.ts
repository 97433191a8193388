/**
 * How long it takes to compile a policy of 1,000, 3,000 and 10,000 lines, each in a process of its own (cold, as
 * `agentpolicy check` runs it) and again in the same process (warm, as `agentpolicy dev` does).
 * `npm run bench:compiler` prints the table; `-- --json FILE` writes it as well.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { compile } from "../../compiler/index.ts";
import { policyOfLines } from "./policy-of-lines.ts";

const LINES = [1000, 3000, 10_000] as const;
const RUNS = 5;

interface Timing {
  readonly lines: number;
  readonly cold_ms: number;
  readonly warm_ms: number;
}

const { values } = parseArgs({ options: { json: { type: "string" }, once: { type: "string" } } });

if (values.once === undefined) {
  const timings = LINES.map(timingOf);
  process.stdout.write(render(timings));
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ timings }, null, 2)}\n`);
} else {
  process.stdout.write(JSON.stringify(timesOf(Number(values.once))));
}

function timingOf(lines: number): Timing {
  const runs = Array.from({ length: RUNS }, () => {
    const printed = execFileSync(process.execPath, [import.meta.filename, "--once", String(lines)]);
    return JSON.parse(printed.toString()) as { cold: number; warm: number };
  });
  return { lines, cold_ms: median(runs.map((run) => run.cold)), warm_ms: median(runs.map((run) => run.warm)) };
}

/** The first compilation of this process, and the median of some more. */
function timesOf(lines: number): { cold: number; warm: number } {
  const text = policyOfLines(lines);
  const cold = timeOf(text);
  return { cold, warm: median(Array.from({ length: RUNS }, () => timeOf(text))) };
}

function timeOf(text: string): number {
  const start = performance.now();
  const { table, diagnostics } = compile([{ name: "bench.agentpolicy", text }]);
  const took = performance.now() - start;
  if (table === null) throw new Error(diagnostics[0]?.message ?? "the policy doesn't compile");
  return took;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function render(timings: readonly Timing[]): string {
  const rows = timings.map(
    ({ lines, cold_ms, warm_ms }) =>
      `${String(lines).padStart(7)}${cold_ms.toFixed(0).padStart(11)} ms${warm_ms.toFixed(0).padStart(11)} ms` +
      `${((warm_ms * 1000) / lines).toFixed(0).padStart(11)} µs`,
  );
  return `${["  lines     cold        warm      warm, a line", ...rows].join("\n")}\n`;
}
