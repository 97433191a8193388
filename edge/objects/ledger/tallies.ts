/** What records and Workers tell of decisions, counted: those on record, limits that they found nearly used, refusals. */
import { rows } from "../../rows.ts";
import type { LedgerCounters } from "../../rpc.ts";
import { tallyTimes } from "./histogram-store.ts";
import type { Outcome, TakenRecord } from "./read-line.ts";

export const TALLIES_SCHEMA = `
  CREATE TABLE IF NOT EXISTS tallies (
    decision TEXT NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (decision, reason)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS near_limits (id TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS refusals (reason TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
`;

/** In the transaction that anchors them. */
export function tallyRecords(sql: SqlStorage, records: readonly TakenRecord[], now: number): void {
  const outcomes = records.flatMap(({ outcome }) => outcome ?? []);
  for (const outcome of outcomes) tallyOutcome(sql, outcome);
  const near = `INSERT INTO near_limits (id, count) VALUES (?, 1) ON CONFLICT (id) DO UPDATE SET count = count + 1`;
  for (const id of outcomes.flatMap((outcome) => outcome.near)) sql.exec(near, id);
  tallyTimes(
    sql,
    "latencies",
    outcomes.flatMap(({ took }) => took ?? []),
  );
  tallyTimes(
    sql,
    "hand_overs",
    records.map(({ at }) => now - at),
  );
}

function tallyOutcome(sql: SqlStorage, { decision, reason }: Outcome): void {
  const query = `INSERT INTO tallies (decision, reason, count) VALUES (?, ?, 1)
    ON CONFLICT (decision, reason) DO UPDATE SET count = count + 1`;
  sql.exec(query, decision, reason);
}

/** What Workers refused by themselves, which is on no record. */
export function tallyRefusals(sql: SqlStorage, refusals: LedgerCounters["refusals"]): void {
  const query = `INSERT INTO refusals (reason, count) VALUES (?1, ?2)
    ON CONFLICT (reason) DO UPDATE SET count = count + ?2`;
  for (const { reason, count } of refusals) sql.exec(query, reason, count);
}

export function readTallies(sql: SqlStorage): Pick<LedgerCounters, "decisions" | "near" | "refusals"> {
  return {
    decisions: rows(sql, "SELECT decision, reason, count FROM tallies ORDER BY decision, reason"),
    near: rows(sql, "SELECT id, count FROM near_limits ORDER BY id"),
    refusals: rows(sql, "SELECT reason, count FROM refusals ORDER BY reason"),
  };
}
