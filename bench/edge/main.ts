/**
 * The edge on plain workerd, side by side in one run with a Worker and an object that only write a counter and a row
 * for each request, with one that writes as many rows as a decision and decides nothing, with the edge's own Worker
 * before objects that only count, and with Hono's hello world.
 * Throughput and CPU of the server for each request, in turns; then how both grow with sessions, the cold start, the
 * size of the bundle, and the memory of sessions.
 * `npm run bench:edge` prints it; `-- --json FILE` writes it as well. `SECONDS`, `ROUNDS`, `DECISIONS` set the size.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { sizeOf } from "../size-of.ts";
import { measureColdStart } from "./cold-start.ts";
import { measureMemory } from "./memory.ts";
import { render } from "./render.ts";
import { measureGrowth, measureThroughput } from "./throughput.ts";

const size = { seconds: sizeOf("SECONDS", 4), rounds: sizeOf("ROUNDS", 5), decisions: sizeOf("DECISIONS", 1_000) };
const { values } = parseArgs({ options: { json: { type: "string" } } });

const results = {
  ...size,
  throughput: await measureThroughput(size),
  growth: await measureGrowth(size),
  cold: await measureColdStart(size),
  memory: await measureMemory(size),
};
process.stdout.write(render(results));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
