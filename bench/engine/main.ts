/**
 * The engine beside a hand-written table, CASL and Cedar, on one generated workload.
 * `npm run bench:engine` prints the table; `-- --json FILE` writes it as well; `-- --quick` takes fewer rounds;
 * `-- --seed N` draws another workload of the same kind.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { casl } from "./casl.ts";
import { cedarWasm } from "./cedar.ts";
import type { Contender } from "./contender.ts";
import { handWritten } from "./hand-written.ts";
import { type Measured, measure, type Racer } from "./measure.ts";
import { agentpolicy } from "./policy-table.ts";
import { type Size, render } from "./report.ts";
import { DEFAULT_SEED, type NeutralRequest, RULES_PER_ROLE, type Workload, workloadOf } from "./workload.ts";

/** What grows is the table: the same number of agents ask. Last, all of them do, which no memory cache can hold. */
const SIZES = [
  { agents: 10, active: 10 },
  { agents: 1000, active: 10 },
  { agents: 10_000, active: 10 },
  { agents: 10_000, active: 10_000 },
] as const;
/** All are compared; the clock runs over the first `TIMED` again and again, as an edge sees the same agents again. */
const REQUESTS = 8192;
const TIMED = 256;

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    quick: { type: "boolean", default: false },
    seed: { type: "string", default: String(DEFAULT_SEED) },
  },
});
const seed = Number(values.seed);
if (!Number.isSafeInteger(seed) || seed < 0) throw new Error("`--seed` takes a whole number");

const sizes = SIZES.map(({ agents, active }) => sizeOf(agents, active, values.quick ? 200 : 1000));
process.stdout.write(render(sizes, seed));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ seed, sizes }, null, 2)}\n`);

function sizeOf(agents: number, active: number, rounds: number): Size {
  const workload = workloadOf(agents, active, REQUESTS, seed);
  const racers = [
    racerOf(handWritten(workload), workload),
    racerOf(agentpolicy(workload), workload),
    racerOf(casl(workload), workload),
    racerOf(cedarWasm(workload), workload),
  ];
  const allowed = agree(racers, workload);
  const results: readonly Measured[] = measure(racers, rounds);
  return {
    agents,
    active,
    roles: workload.roles.length,
    rulesPerRole: RULES_PER_ROLE,
    requests: REQUESTS,
    timed: TIMED,
    allowed,
    results,
  };
}

function racerOf<Call>(contender: Contender<Call>, workload: Workload): Racer {
  const calls = workload.requests.map((request: NeutralRequest) => contender.translate(request));
  return {
    name: contender.name,
    note: contender.note,
    calls: Math.min(calls.length, TIMED),
    decide: (at) => {
      const call = calls[at];
      if (call === undefined) throw new Error("there is no such call");
      return contender.allows(call);
    },
  };
}

/** Unequal answers would make the times worthless: then there is no table. */
function agree(racers: readonly Racer[], { requests }: Workload): number {
  let allowed = 0;
  for (const [at, request] of requests.entries()) {
    const answers = racers.map((racer) => racer.decide(at));
    if (answers.some((answer) => answer !== answers[0])) {
      const said = racers.map((racer, index) => `${racer.name}: ${answers[index]}`).join(", ");
      throw new Error(`answers differ on ${JSON.stringify(request)}: ${said}`);
    }
    if (answers[0]) allowed++;
  }
  return allowed;
}
