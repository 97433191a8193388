/** Makes so many random calls to an edge; after each that wasn't admitted everything must be as before. */
import { randomFrom } from "../fuzz/random.ts";
import { faultsOf, isRuntimes, mayChange } from "./judge.ts";
import { randomCall } from "./random-call.ts";
import type { FuzzCall } from "./random-call.ts";
import { rawCall } from "../harness/raw-call.ts";
import type { RawOutcome } from "../harness/raw-call.ts";
import { until } from "../harness/until.ts";
import type { World } from "./world.ts";

/** Milliseconds until no answer counts as none. */
const PATIENCE = 20_000;

export interface FuzzReport {
  readonly calls: number;
  /** How often each status came, and each route and method was served. */
  readonly statuses: ReadonlyMap<string, number>;
  readonly served: ReadonlySet<string>;
  readonly faults: readonly string[];
}

/** Call number `n` is made from `seed + n` alone, so that one can be made again. */
export async function fuzzEdge(world: World, runs: number, seed: number): Promise<FuzzReport> {
  const statuses = new Map<string, number>();
  const served = new Set<string>();
  const faults: string[] = [];
  let known = await world.mend();
  let before = await settled(world);
  for (let run = 0; run < runs; run++) {
    const call = await randomCall(randomFrom(seed + run), known);
    const outcome = await rawCall(world.edge.url, call.raw, PATIENCE);
    const status = statusOf(outcome);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status.startsWith("2")) served.add(`${call.raw.method} ${call.route.path}`);
    const changes = mayChange(call, outcome);
    const after = changes ? before : await world.state();
    const found = [
      ...faultsOf(call, outcome),
      ...(after === before ? [] : [`state changed: ${change(before, after)}`]),
    ];
    faults.push(...found.map((fault) => `seed ${seed + run}: ${shown(call, status)}: ${fault}`));
    if (!changes && after === before) continue;
    known = await world.mend();
    before = await settled(world);
  }
  return { calls: runs, statuses, served, faults };
}

/** What was set going by the last call comes to rest: switches are pushed from an alarm, until nobody has to hear. */
async function settled(world: World): Promise<string> {
  let now = await world.state();
  const isAtRest = async (): Promise<boolean> => {
    const last = now;
    now = await world.state();
    return now === last && !/"sessions_pending":[1-9]/.test(now);
  };
  await until("everything is at rest", isAtRest, { longest: 60_000 });
  return now;
}

function statusOf(outcome: RawOutcome): string {
  if (outcome.kind !== "answer") return outcome.kind;
  const { status } = outcome.answer;
  return isRuntimes(outcome.answer) ? `${status} of the runtime` : String(status);
}

function shown({ raw, credential }: FuzzCall, status: string): string {
  const body = Buffer.from(raw.body).toString("latin1").slice(0, 160);
  const headers = raw.headers.slice(2);
  const fields = headers.map(([name, value]) => `${name}: ${value}`).join(", ");
  return `${raw.method} ${raw.target.slice(0, 160)} as ${credential} [${fields.slice(0, 200)}] ${JSON.stringify(body)} → ${status}`;
}

function change(before: string, after: string): string {
  const old = new Set(before.split("\n"));
  return after
    .split("\n")
    .filter((line) => !old.has(line))
    .join(" | ")
    .slice(0, 600);
}
