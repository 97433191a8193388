/** From the start of the process to the first answer, beside a Worker that has nothing to load; and the bundle's size. */
import { gzipSync } from "node:zlib";
import { median } from "../median.ts";
import { hello } from "./contenders.ts";
import { edgeOf } from "./edge-under-load.ts";
import { startWorkerd, type WorkerSource } from "./workerd.ts";

export interface ColdStart {
  readonly agents: number;
  /** Milliseconds, medians. */
  readonly edge_ms: number;
  readonly hello_ms: number;
  /** Bytes of the table's text. */
  readonly table: number;
  /** Bytes of the bundle without a table, as it is and gzipped. */
  readonly bundle: number;
  readonly gzipped: number;
}

const AGENTS = 10_000;

export async function measureColdStart({ rounds }: { readonly rounds: number }): Promise<ColdStart> {
  const { source } = await edgeOf(AGENTS);
  const least = await hello();
  const times = { edge: [] as number[], hello: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.hello.push(await startTime(least));
    times.edge.push(await startTime(source));
  }
  const [code = "", table = ""] = source.modules.map(({ text }) => text);
  return {
    agents: AGENTS,
    edge_ms: median(times.edge),
    hello_ms: median(times.hello),
    table: Buffer.byteLength(table),
    bundle: Buffer.byteLength(code),
    gzipped: gzipSync(code, { level: 9 }).byteLength,
  };
}

async function startTime(source: WorkerSource): Promise<number> {
  const worker = await startWorkerd(source, "/healthz");
  await worker.stop();
  return worker.started;
}
