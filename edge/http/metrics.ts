/**
 * `GET /metrics` in OpenMetrics, for operators and auditors. The numbers live in objects, so that they outlast every
 * Worker; what they are of decides nothing.
 */
import { blockReach } from "../../engine/index.ts";
import type { Agent, Limit, TableBody } from "../../engine/index.ts";
import { familiesOf } from "../metrics/edge-readings.ts";
import type { HolderReading } from "../metrics/edge-readings.ts";
import { OPEN_METRICS_TYPE, renderMetrics } from "../metrics/open-metrics.ts";
import { holderObject, ledgerShard, switchboardOf } from "../objects/env.ts";
import { SHARDS } from "../rpc.ts";
import type { Holder } from "../rpc.ts";
import { askObject, orNothing } from "./ask-object.ts";
import { requireOffice } from "./callers.ts";
import type { AppContext } from "./context.ts";
import { tellRefusalsNow } from "./count-refusals.ts";
import { sumOfShards } from "./exports.ts";
import { inBatches } from "./in-batches.ts";

/** A Worker may make so many calls for one request, and a scrape must come to an end. */
const MOST_AGENTS = 500;

export async function showMetrics(c: AppContext): Promise<Response> {
  await requireOffice(c, ["operators", "auditors"]);
  await tellRefusalsNow(c);
  const { table, sequence } = c.get("deployment");
  const board = switchboardOf(c.env);
  const shards = Array.from({ length: SHARDS }, (_, shard) => shard);
  const [ledger, sinks, { flipped }, { agents }] = await Promise.all([
    Promise.all(shards.map((shard) => askObject(() => ledgerShard(c.env, shard).counters()))),
    Promise.all(shards.map((shard) => askObject(() => ledgerShard(c.env, shard).exports()))),
    askObject(() => board.flipped({ sequence })),
    askObject(() => board.agents({ sequence })),
  ]);
  const asked = await inBatches([null, ...agents.slice(0, MOST_AGENTS)], (agent) => readHolder(c, agent));
  const holders = asked.filter((holder) => holder !== null);
  const readings = familiesOf({
    policy: { name: table.body.name, hash: table.hash, sequence },
    limits: table.body.blocks.flatMap((block) => block.limits),
    ledger,
    exports: sumOfShards(sinks),
    flipped,
    holders,
    not_asked: agents.length + 1 - holders.length,
  });
  return new Response(renderMetrics(readings), { headers: { "Content-Type": OPEN_METRICS_TYPE } });
}

/**
 * Null where it can't be reached: one agent that is asked for too much must not hide all the others.
 * @param name null: what all agents count together
 */
async function readHolder(c: AppContext, name: string | null): Promise<HolderReading | null> {
  const { agents, table } = c.get("deployment");
  const limits = limitsOf(table.body, name === null ? null : (agents.get(name) ?? null));
  const counted = limits.map(({ counter, window }) => ({ counter, window }));
  const holder: Holder = name === null ? "fleet" : `agent ${name}`;
  const ask = () => askObject(() => holderObject(c.env, holder).gauges({ limits: counted }));
  const gauges = await orNothing("unreachable", ask);
  return gauges === null ? null : { agent: name, limits, gauges };
}

/** Those that the holder counts: an agent's own, or the fleet's. */
function limitsOf({ blocks }: TableBody, agent: Agent | null): readonly Limit[] {
  const concerned = agent === null ? blocks : blocks.filter((block) => blockReach(block, agent) === "always");
  const per = agent === null ? "fleet" : "agent";
  return concerned.flatMap((block) => block.limits.filter((limit) => limit.per === per && !limit.trial));
}
