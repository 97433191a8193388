/** Requests a second, and CPU of the server for each. */
import { median } from "../median.ts";
import { bare, bareRows, hello } from "./contenders.ts";
import { countingEdge } from "./counting-worker.ts";
import { edgeOf, openSessions } from "./edge-under-load.ts";
import { type Call, type Load, putLoad } from "./load.ts";
import { requestBody } from "./policy.ts";
import { cpuTime, type RunningWorker, startWorkerd } from "./workerd.ts";

export interface Size {
  /** Of load in one turn. */
  readonly seconds: number;
  /** Turns of each contender. */
  readonly rounds: number;
}

export interface Measured {
  readonly name: string;
  readonly sessions: number;
  /** Medians over the turns. */
  readonly per_second: number;
  /** Milliseconds of the server's CPU for one request. */
  readonly cpu_ms: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
}

const CLIENTS = 16;
const AGENTS = 20;
/**
 * A session asks at most 20 times a second: of so many none comes near. Many more would fill the memory that workerd
 * shares out among the databases of a process, and its page caches be measured instead; `GROWTH` has those.
 */
const SESSIONS = 200;
/** Requests a second. */
const MOST_OF_ONE = 15;

interface Lane {
  readonly name: string;
  readonly worker: RunningWorker;
  readonly sessions: number;
  readonly next: () => Call;
  readonly turns: Turn[];
}

interface Turn {
  readonly load: Load;
  readonly cpu_ms: number;
}

/** All contenders at their fastest, in turns. */
export async function measureThroughput(size: Size): Promise<readonly Measured[]> {
  const fleet = await edgeOf(AGENTS);
  const edge = await startWorkerd(fleet.source, "/healthz");
  const counter = await startWorkerd(bare, "/");
  const writer = await startWorkerd(bareRows, "/");
  const greeter = await startWorkerd(await hello(), "/healthz");
  const counting = await startWorkerd(await countingEdge(fleet), "/healthz");
  try {
    const tokens = await openSessions(edge.url, fleet.keys, SESSIONS);
    const others = await openSessions(counting.url, fleet.keys, SESSIONS);
    const lanes: readonly Lane[] = [
      { name: "Hono, hello world", worker: greeter, sessions: 0, next: callsOf(["none"]), turns: [] },
      { name: "counter and row", worker: counter, sessions: SESSIONS, next: callsOf(tokens), turns: [] },
      { name: "a decision's rows", worker: writer, sessions: SESSIONS, next: callsOf(tokens), turns: [] },
      {
        name: "edge, counting",
        worker: counting,
        sessions: SESSIONS,
        next: callsOf(others, { permit: false }),
        turns: [],
      },
      {
        name: "edge, no permit",
        worker: edge,
        sessions: SESSIONS,
        next: callsOf(tokens, { permit: false }),
        turns: [],
      },
      { name: "edge, permit", worker: edge, sessions: SESSIONS, next: callsOf(tokens), turns: [] },
    ];
    await takeTurns(lanes, size, null);
    return lanes.map(measuredOf);
  } finally {
    await Promise.all([edge, counter, writer, greeter, counting].map((worker) => worker.stop()));
  }
}

const GROWTH = [10, 100, 1_000];
/** Requests a second: what ten sessions may ask, with room. */
const RATE = 150;

/** The same requests, offered at one rate, to more and more sessions. */
export async function measureGrowth(size: Size): Promise<readonly Measured[]> {
  const fleet = await edgeOf(AGENTS);
  const edge = await startWorkerd(fleet.source, "/healthz");
  const counter = await startWorkerd(bare, "/");
  try {
    const tokens = await openSessions(edge.url, fleet.keys, Math.max(...GROWTH));
    const lanes = GROWTH.flatMap((sessions): readonly Lane[] => {
      const some = tokens.slice(0, sessions);
      return [
        { name: "counter and row", worker: counter, sessions, next: callsOf(some), turns: [] },
        { name: "edge, permit", worker: edge, sessions, next: callsOf(some), turns: [] },
      ];
    });
    await takeTurns(lanes, size, RATE);
    return lanes.map(measuredOf);
  } finally {
    await Promise.all([edge, counter].map((worker) => worker.stop()));
  }
}

async function takeTurns(lanes: readonly Lane[], { rounds, seconds }: Size, rate: number | null): Promise<void> {
  // Every object is met before it counts, and the code has been running for a while.
  for (const lane of lanes) await takeTurn(lane, seconds, null, 3 * lane.sessions);
  for (let round = 0; round < rounds; round++) {
    for (const lane of lanes) lane.turns.push(await takeTurn(lane, seconds, rate));
  }
}

async function takeTurn(
  { name, worker, next, sessions }: Lane,
  seconds: number,
  rate: number | null,
  at_least = 0,
): Promise<Turn> {
  // Few sessions may ask only so much.
  const offered = rate ?? (sessions > 0 && sessions < SESSIONS ? sessions * MOST_OF_ONE : null);
  // While others had their turns the platform has put objects to sleep, and leases have run out.
  if (rate === null)
    await putLoad({ url: worker.url, clients: CLIENTS, seconds: 1, next, rate: offered, at_least: sessions });
  const before = cpuTime(worker.process);
  const load = await putLoad({ url: worker.url, clients: CLIENTS, seconds, next, rate: offered, at_least });
  const cpu = cpuTime(worker.process) - before;
  const others = [...load.statuses].filter(([status]) => status !== 200);
  if (others.length > 0) throw new Error(`${name} answered ${others.map((pair) => pair.join(" × ")).join(", ")}`);
  return { load, cpu_ms: cpu / load.answered };
}

/** Requests of all tokens in turn, each with an id of its own. */
function callsOf(tokens: readonly string[], more: { readonly permit?: boolean } = {}): () => Call {
  let at = Math.floor(Math.random() * tokens.length);
  return () => ({ token: tokens[at++ % tokens.length] ?? "", body: requestBody(crypto.randomUUID(), more) });
}

function measuredOf({ name, sessions, turns }: Lane): Measured {
  return {
    name,
    sessions,
    per_second: median(turns.map(({ load }) => load.answered / load.seconds)),
    cpu_ms: median(turns.map(({ cpu_ms }) => cpu_ms)),
    p50_ms: median(turns.map(({ load }) => quantile(load.latencies, 0.5))),
    p99_ms: median(turns.map(({ load }) => quantile(load.latencies, 0.99))),
  };
}

function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? 0;
}
