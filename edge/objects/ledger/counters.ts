/** What a shard of the ledger says of itself in metrics and health. */
import { firstRow, rows } from "../../rows.ts";
import type { LedgerCounters } from "../../rpc.ts";
import { readLatencies } from "./latencies.ts";

/** @param size of the tree @param unsigned leaves behind the latest checkpoint */
export function readCounters(sql: SqlStorage, size: number, unsigned: number): LedgerCounters {
  const count = (query: string): number => firstRow<{ count: number }>(sql, query)?.count ?? 0;
  const decisions = "SELECT decision, reason, count FROM tallies ORDER BY decision, reason";
  return {
    logs: count("SELECT count(*) AS count FROM heads"),
    records: size,
    disputes: count("SELECT count(*) AS count FROM disputes"),
    unsigned,
    latencies: readLatencies(sql),
    decisions: rows<LedgerCounters["decisions"][number]>(sql, decisions),
  };
}
