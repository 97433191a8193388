import { afterAll, beforeAll, expect, test } from "vitest";
import { fuzzEdge } from "./fuzz-edge.ts";
import { startWorld } from "./world.ts";
import type { World } from "./world.ts";

/** Few here; a long run is `HTTP_FUZZ_RUNS=10000 npx vitest run test/edge-fuzz`, and `HTTP_FUZZ_SEED` starts elsewhere. */
const runs = Number(process.env["HTTP_FUZZ_RUNS"] ?? 400);
const seed = Number(process.env["HTTP_FUZZ_SEED"] ?? 1);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

test(
  "answers any call on any route with what it is or a problem, and changes nothing by one that it refuses",
  async () => {
    const { statuses, served, faults } = await fuzzEdge(world, runs, seed);
    const counted = [...statuses]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([status, count]) => `${status}: ${count}`);
    console.log(`${runs} calls from seed ${seed}; ${counted.join(", ")}; served ${served.size} calls`);
    expect(faults).toEqual([]);
  },
  60_000 + runs * 500,
);
