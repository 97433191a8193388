/** The results as a table of 80 columns. */
import type { ColdStart } from "./cold-start.ts";
import type { Memory } from "./memory.ts";
import type { Measured } from "./throughput.ts";

export interface Results {
  readonly throughput: readonly Measured[];
  readonly growth: readonly Measured[];
  readonly cold: ColdStart;
  readonly memory: Memory;
}

export function render({ throughput, growth, cold, memory }: Results): string {
  const base = throughput.find(({ name }) => name === "counter and row");
  return `${[
    "as fast as they can, 16 clients",
    ...table(throughput, base),
    "",
    "the same rate, more and more sessions",
    ...growth.map((one) =>
      line(
        one,
        growth.find(({ name, sessions }) => name === "counter and row" && sessions === one.sessions),
      ),
    ),
    "",
    `cold start with ${cold.agents} agents: ${ms(cold.edge_ms)}, Hono's hello world ${ms(cold.hello_ms)}: ${ms(cold.edge_ms - cold.hello_ms)} more`,
    `the table takes ${kib(cold.table)}; the bundle without it ${kib(cold.bundle)}, gzipped ${kib(cold.gzipped)}`,
    `a session at rest takes ${kib(memory.resting_bytes)} (of ${memory.resting})`,
    `${memory.decisions} decisions of one session made the server ${memory.busy_bytes > 0 ? `${kib(memory.busy_bytes)} larger` : "no larger"}`,
  ].join("\n")}\n`;
}

function table(all: readonly Measured[], base: Measured | undefined): readonly string[] {
  return all.map((one) => line(one, base));
}

/** The last two columns: throughput and CPU as shares of the counter's. */
function line(one: Measured, base: Measured | undefined): string {
  const shares =
    base === undefined
      ? ""
      : `${(one.per_second / base.per_second).toFixed(2)}x  cpu ${(one.cpu_ms / base.cpu_ms).toFixed(2)}x`;
  const name = `${one.name}${one.sessions === 0 ? "" : ` (${one.sessions})`}`.padEnd(23);
  const rate = `${one.per_second.toFixed(0)}/s`.padStart(8);
  const cpu = `${(one.cpu_ms * 1_000).toFixed(0)} µs cpu`.padStart(12);
  return `${name}${rate}${cpu}  p50 ${one.p50_ms.toFixed(1)} p99 ${one.p99_ms.toFixed(1)} ms  ${shares}`;
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}

function kib(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${(bytes / 1024 / 1024).toFixed(1)} MiB` : `${(bytes / 1024).toFixed(1)} KiB`;
}
