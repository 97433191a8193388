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
import { bytesOfEach, type Measured, measure, type Racer } from "./measure.ts";
import { agentpolicy } from "./policy-table.ts";
import { type Size, STATELESS_BUDGET, type Whole, render } from "./report.ts";
import { isStateless, racerOf as racerOfKind, type WholeKind, wholeKinds } from "./whole-workload.ts";
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
const whole = wholeOf(values.quick ? 100 : 400);
process.stdout.write(render(sizes, whole, seed));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ seed, sizes, whole }, null, 2)}\n`);
if ((whole.stateless.most_bytes ?? 0) > STATELESS_BUDGET) process.exitCode = 1;

function wholeOf(rounds: number): Whole {
  const kinds = wholeKinds(seed);
  const racers = kinds.map(racerOfKind);
  const measured = measure(racers, rounds).map((result, at) => {
    const racer = racers[at];
    if (racer === undefined) throw new Error("nothing was measured");
    const allowed = Array.from({ length: racer.calls }, (_, call) => racer.decide(call)).filter(Boolean).length;
    return { ...result, allowed, requests: racer.calls };
  });
  return { kinds: measured, stateless: statelessOf(kinds) };
}

/** Each request of both workloads by itself. */
function statelessOf(kinds: readonly WholeKind[]): Whole["stateless"] {
  const neutral = workloadOf(1000, 10, TIMED, seed);
  const racers = [
    racerOf(agentpolicy(neutral), neutral),
    ...kinds.map((kind) =>
      racerOfKind({ ...kind, requests: kind.requests.filter((request) => isStateless(kind.policy, request)) }),
    ),
  ];
  const each = racers.flatMap((racer) => bytesOfEach(racer) ?? []);
  const requests = racers.reduce((sum, racer) => sum + racer.calls, 0);
  return { requests, most_bytes: each.length === 0 ? null : Math.max(...each) };
}

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
