/** Holds the logs of a run against the ledger: every anchored record must be the one that was anchored, none be missing. */
import { pullWholeLedger } from "../../cli/audit/pull-ledger.ts";
import { connectPerson, verifyRecords } from "../../sdk/index.ts";
import type { Logs } from "./check-run.ts";

export interface PulledLedger {
  readonly lines: readonly string[];
  /** Every log that is anchored. */
  readonly logs: readonly string[];
}

/** Before the logs: what is anchored meanwhile stands in them then. */
export async function pullLedger(url: string, token: string): Promise<PulledLedger> {
  return pullWholeLedger(connectPerson({ edge: url, token, timeout: 60_000 }));
}

/** Logs that the ledger knows and nobody listed, such as the Switchboard's own. */
export async function pullOthers(url: string, token: string, { logs }: PulledLedger, pulled: Logs): Promise<Logs> {
  const person = connectPerson({ edge: url, token, timeout: 60_000 });
  const others = new Map<string, readonly string[]>();
  for (const log of logs) {
    if (pulled.has(log)) continue;
    const lines: string[] = [];
    await person.records(log, (line) => void lines.push(line));
    others.set(log, lines);
  }
  return others;
}

export interface Anchored {
  readonly ledger: PulledLedger;
  readonly others: Logs;
  /** Public: checkpoints must be signed by it. */
  readonly key: Uint8Array;
}

export async function checkLedger(
  logs: Logs,
  { ledger, others, key }: Anchored,
): Promise<{ readonly violations: readonly string[]; readonly counts: { readonly [what: string]: number } }> {
  const records = [...logs.values(), ...others.values()].flat();
  const report = await verifyRecords([...records, ...ledger.lines], { keys: [key] });
  const checkpoints = report.ledger?.checkpoints ?? [];
  return {
    violations: (report.ledger?.problems ?? []).map(
      ({ shard, session, seq, what }) =>
        `${session === null ? `shard ${shard}` : `record ${seq} of ${session}`}: ${what}`,
    ),
    counts: {
      anchored: checkpoints.reduce((sum, { size }) => sum + size, 0),
      "not anchored yet": (report.ledger?.unanchored ?? []).reduce((sum, { from, to }) => sum + to - from + 1, 0),
      "logs that only the ledger listed": others.size,
    },
  };
}
