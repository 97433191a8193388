/** Sends what waits, to every sink at once, to each in the order of its queue. */
import { type Batch, dayOf, type Delivery, type Outgoing } from "../../export/outgoing.ts";
import { sendBatch } from "../../export/send-batch.ts";
import type { Sink } from "../../export/sink.ts";
import { type QueuedRecord, nextBatch, settleBatch, type Waiting } from "./export-queue.ts";

export interface Exporting {
  readonly sql: SqlStorage;
  readonly sinks: readonly Sink[];
  readonly shard: number;
  readonly origin: string;
  now(): number;
  transaction(run: () => void): void;
  /** What stands beside these records of one log, in their order; null where there is nothing (any more). */
  argumentsOf(log: string, seqs: readonly number[]): Promise<readonly (string | null)[]>;
}

/** Whatever is left then waits for the next ring, so that one alarm doesn't last for ever. */
const MOST_BATCHES = 50;

export async function runExports(exporting: Exporting): Promise<void> {
  await Promise.all(exporting.sinks.map((sink) => serve(exporting, sink)));
}

async function serve(exporting: Exporting, sink: Sink): Promise<void> {
  const { sql } = exporting;
  for (let batches = 0; batches < MOST_BATCHES; batches++) {
    const waiting = nextBatch(sql, sink, exporting.now());
    if (waiting === null) return;
    const part = sink.kind === "s3" ? ofOneDay(waiting) : waiting;
    // In order: the next batch goes when this one is through.
    // oxlint-disable-next-line no-await-in-loop
    const delivery = await send(exporting, sink, part);
    if (delivery.kind !== "sent") console.warn("an export isn't through", { sink: sink.name, why: delivery.why });
    exporting.transaction(() => settleBatch(sql, sink, part, delivery, exporting.now()));
  }
}

/** An object's name says one day. */
function ofOneDay({ letters, records }: Waiting): Waiting {
  const days = records.map(dayOf);
  const end = days.findIndex((day) => day !== days[0]);
  if (end < 0) return { letters, records };
  return { letters: letters?.slice(0, end) ?? null, records: records.slice(0, end) };
}

async function send(exporting: Exporting, sink: Sink, { records }: Waiting): Promise<Delivery> {
  const { shard, origin } = exporting;
  try {
    const batch: Batch = { shard, origin, records: await outgoing(exporting, sink, records), now: exporting.now() };
    return await sendBatch(sink, batch);
  } catch (cause) {
    console.error("a batch can't be made up", { sink: sink.name, cause: String(cause) });
    return { kind: "later", why: "the edge failed to make it up", after: null };
  }
}

async function outgoing(
  exporting: Exporting,
  sink: Sink,
  records: readonly QueuedRecord[],
): Promise<readonly Outgoing[]> {
  if (!sink.arguments) return records.map((record) => ({ ...plain(record), args: null }));
  const logs = Object.entries(Object.groupBy(records, ({ log }) => log));
  const found = await Promise.all(
    logs.map(async ([log, own = []]) => {
      const args = await exporting.argumentsOf(
        log,
        own.map(({ seq }) => seq),
      );
      return own.map(({ n }, at) => [n, args[at] ?? null] as const);
    }),
  );
  const byPlace = new Map(found.flat());
  return records.map((record) => ({ ...plain(record), args: byPlace.get(record.n) ?? null }));
}

function plain({ n, log, seq, text }: QueuedRecord): Omit<Outgoing, "args"> {
  return { n, log, seq, text };
}
