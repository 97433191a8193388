/** What a shard of the ledger says of itself in metrics. */
import { firstRow } from "../../rows.ts";
import type { LedgerCounters } from "../../rpc.ts";
import { readHistogram } from "./histogram-store.ts";
import { readTallies } from "./tallies.ts";

/** @param size of the tree @param unsigned leaves behind the latest checkpoint */
export function readCounters(sql: SqlStorage, size: number, unsigned: number): LedgerCounters {
  const count = (query: string): number => firstRow<{ count: number }>(sql, query)?.count ?? 0;
  return {
    records: size,
    disputes: count("SELECT count(*) AS count FROM disputes"),
    unsigned,
    latencies: readHistogram(sql, "latencies"),
    hand_overs: readHistogram(sql, "hand_overs"),
    ...readTallies(sql),
  };
}
