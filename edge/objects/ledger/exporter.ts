/** What a shard of the ledger does for exports: takes records in, sends them when it is time, and says how that goes. */
import { exportsOf } from "../../export/exports-of.ts";
import type { Sink } from "../../export/sink.ts";
import { edgeOrigin } from "../../ledger/log-origin.ts";
import { BOARD_LOG, type DeadLetter, type SinkCounters } from "../../rpc.ts";
import type { Clock } from "../clock.ts";
import { type ObjectEnv, sessionOf } from "../env.ts";
import { deadLetters, enqueue, exportDue, requeue, settleSinks, sinkCounters } from "./export-queue.ts";
import type { TakenRecord } from "./read-line.ts";
import { runExports } from "./run-exports.ts";
import { ownShard } from "./take.ts";

export interface Exporter {
  /** In the transaction that anchors them. */
  taken(log: string, records: readonly TakenRecord[]): void;
  /** When something is to be sent; null: nothing waits. */
  due(): number | null;
  /** Never throws. A second call joins the first. */
  run(): Promise<void>;
  counters(): readonly SinkCounters[];
  letters(sink: string, after: number, limit: number): readonly DeadLetter[];
  requeue(sink: string): number;
}

const MOST_LETTERS = 500;

export function createExporter(storage: DurableObjectStorage, env: ObjectEnv, clock: Clock): Exporter {
  const { sql } = storage;
  const read = exportsOf(env);
  const sinks: readonly Sink[] = read.ok ? read.sinks : [];
  // With a variable that can't be read nobody knows where records go: they wait.
  if (read.ok) storage.transactionSync(() => settleSinks(sql, sinks));
  let running: Promise<void> | null = null;
  return {
    taken: (log, records) => {
      if (!read.ok || sinks.length > 0) enqueue(sql, log, records, clock.now());
    },
    due: () => (running === null ? exportDue(sql, sinks, clock.now()) : null),
    run: () => (running ??= runOnce(storage, env, clock, sinks).finally(() => (running = null))),
    counters: () => sinkCounters(sql, clock.now()),
    letters: (sink, after, limit) => deadLetters(sql, sink, after, Math.min(limit, MOST_LETTERS)),
    requeue: (sink) => requeue(sql, sink),
  };
}

async function runOnce(
  storage: DurableObjectStorage,
  env: ObjectEnv,
  clock: Clock,
  sinks: readonly Sink[],
): Promise<void> {
  const shard = ownShard(storage.sql);
  if (shard === null || sinks.length === 0) return;
  try {
    await runExports({
      sql: storage.sql,
      sinks,
      shard,
      origin: edgeOrigin(env.DEPLOYMENT) ?? "",
      now: () => clock.now(),
      transaction: (change) => storage.transactionSync(change),
      argumentsOf: async (of, seqs) =>
        of === BOARD_LOG ? seqs.map(() => null) : (await sessionOf(env, of).argumentsOf({ seqs })).args,
    });
  } catch (cause) {
    console.error("exports stopped; trying again", { cause: String(cause) });
  }
}
