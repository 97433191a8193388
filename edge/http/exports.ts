/** How exports go, what a sink didn't take, and sending that again: for operators; auditors may look. */
import { ledgerShard, switchboardOf } from "../objects/env.ts";
import type { LedgerRpc, SinkCounters } from "../rpc.ts";
import { SHARDS } from "../rpc.ts";
import { askObject } from "./ask-object.ts";
import { reasonBody } from "./bodies.ts";
import { requireOffice } from "./callers.ts";
import { rfc3339 } from "./context.ts";
import type { AppContext } from "./context.ts";
import { HttpProblem } from "./problem.ts";
import { readBody } from "./read-body.ts";

/** Dead letters that are listed, of each shard. */
const LISTED = 100;

/** `GET /v1/exports` */
export async function listExports(c: AppContext): Promise<Response> {
  await requireOffice(c, ["operators", "auditors"]);
  const sinks = sumOfShards(await ofShards(c, (shard) => shard.exports())).map(({ lag, ...counters }) => ({
    ...counters,
    lag_seconds: Math.ceil(lag / 1_000),
  }));
  return c.json({ exports: sinks });
}

/** Of all shards together, sorted by name. */
export function sumOfShards(shards: readonly { readonly sinks: readonly SinkCounters[] }[]): readonly SinkCounters[] {
  const sums = new Map<string, SinkCounters>();
  for (const each of shards.flatMap(({ sinks }) => sinks)) {
    const sum = sums.get(each.name);
    sums.set(each.name, sum === undefined ? each : added(sum, each));
  }
  return [...sums.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function added(one: SinkCounters, other: SinkCounters): SinkCounters {
  return {
    name: one.name,
    waiting: one.waiting + other.waiting,
    lag: Math.max(one.lag, other.lag),
    sent: one.sent + other.sent,
    failed: one.failed + other.failed,
    dead: one.dead + other.dead,
    given_up: one.given_up + other.given_up,
    problem: one.problem ?? other.problem,
  };
}

/** `GET /v1/exports/{sink}/dead`: what stands in a letter is its record's, to be read there. */
export async function listDeadLetters(c: AppContext): Promise<Response> {
  await requireOffice(c, ["operators", "auditors"]);
  const sink = await namedSink(c);
  const found = await ofShards(c, (shard) => shard.deadLetters({ sink, after: 0, limit: LISTED }));
  const letters = found.flatMap(({ letters: own }, shard) =>
    own.map(({ log, seq, problem, at, again }) => ({ shard, log, seq, problem, at: rfc3339(at), again })),
  );
  return c.json({ dead: letters });
}

/** `POST /v1/exports/{sink}/requeue`: on record before anything is sent. */
export async function requeueExports(c: AppContext): Promise<Response> {
  const { iss, sub, email, claims } = await requireOffice(c, ["operators"]);
  const sink = await namedSink(c);
  const { reason } = await readBody(c.req.raw, reasonBody);
  const records =
    sumOfShards(await ofShards(c, (shard) => shard.exports())).find(({ name }) => name === sink)?.dead ?? 0;
  if (records === 0) return c.json({ requeued: 0 }, 202);
  const { sequence } = c.get("deployment");
  const input = { sequence, sink, records, reason, by: { iss, sub, email, claims } };
  await askObject(() => switchboardOf(c.env).recordRequeue(input));
  const counts = await ofShards(c, (shard) => shard.requeue({ sink }));
  return c.json({ requeued: counts.reduce((sum, { requeued }) => sum + requeued, 0) }, 202);
}

async function namedSink(c: AppContext): Promise<string> {
  const name = c.req.param("sink") ?? "";
  const { sinks } = await askObject(() => ledgerShard(c.env, 0).exports());
  if (!sinks.some((sink) => sink.name === name))
    throw new HttpProblem("not_found", "this deployment exports to no sink of this name");
  return name;
}

function ofShards<T extends object>(c: AppContext, ask: (shard: LedgerRpc) => Promise<T>): Promise<T[]> {
  const shards = Array.from({ length: SHARDS }, (_, shard) => ledgerShard(c.env, shard));
  return Promise.all(shards.map((shard) => askObject(() => ask(shard))));
}
