/** The ledger's part of a pulled log, line by line: what lets anybody check the records offline. */
import { ledgerShardOf } from "../../sdk/index.ts";
import type { Auditor } from "../../sdk/index.ts";

export interface PulledLedger {
  readonly lines: readonly string[];
  /** Every log that is anchored, in the order in which the ledger heard of them. */
  readonly logs: readonly string[];
}

/** Leaves of every shard: then nothing can be taken out of the file unnoticed. */
export async function pullWholeLedger(auditor: Auditor): Promise<PulledLedger> {
  const { lines, checkpoints } = await header(auditor, true);
  const logs = new Set<string>();
  for (const { shard, size } of checkpoints)
    for (let from = 0; from < size; ) {
      const { runs, next } = await auditor.leaves(shard, from, size);
      for (const run of runs) {
        logs.add(run.session);
        lines.push(line("leaves", { shard, ...run }));
      }
      if (next <= from) break;
      from = next;
    }
  return { lines, logs: [...logs] };
}

/** Of some logs only that their last anchored records stand in the ledger, with all that they are chained to. */
export async function pullAnchors(auditor: Auditor, logs: readonly string[]): Promise<PulledLedger> {
  const { lines, checkpoints } = await header(auditor, false);
  const sizes = new Map(checkpoints.map(({ shard, size }) => [shard, size]));
  for (const log of logs) {
    const proof = await auditor.headProof(log, sizes.get(await ledgerShardOf(log)) ?? 0);
    // Nothing of it is anchored yet.
    if (proof === null) continue;
    const { session, seq, shard, leaf, hashes } = proof;
    lines.push(line("anchor", { shard, session, seq, leaf, hashes }));
  }
  return { lines, logs };
}

interface Header {
  readonly lines: string[];
  readonly checkpoints: readonly { readonly shard: number; readonly size: number }[];
}

async function header(auditor: Auditor, whole: boolean): Promise<Header> {
  const [{ checkpoints, disputes }, keys] = [await auditor.ledger(), await auditor.checkpointKeys()];
  const lines = [
    line("ledger", { whole, keys }),
    ...checkpoints.map(({ shard, note }) => line("checkpoint", { shard, note })),
    ...disputes.map((dispute) => line("dispute", dispute)),
  ];
  return { lines, checkpoints: checkpoints.map(({ shard, note }) => ({ shard, size: sizeOf(note) })) };
}

/** Second line of a checkpoint. */
function sizeOf(note: string): number {
  return Number(note.split("\n")[1]);
}

function line(name: string, value: object): string {
  return JSON.stringify({ [name]: value });
}
