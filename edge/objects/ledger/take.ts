/**
 * What a session hands over, in one transaction: checked against what is held of its chain, anchored as leaves of the
 * tree, indexed and counted. A record that contradicts the chain is refused and noted.
 */
import { appendLeaves, leafHash, leavesAt } from "../../ledger/merkle-tree.ts";
import { rows, firstRow } from "../../rows.ts";
import type { Dispute, TakeInput, TakeOutput } from "../../rpc.ts";
import { MOST_TAKEN } from "../../rpc.ts";
import { EMPTY, type Head } from "../../records/seal-record.ts";
import { shardOf } from "../env.ts";
import { indexRun } from "./agent-days.ts";
import { readLine, type TakenRecord } from "./read-line.ts";
import { tallyRecords } from "./tallies.ts";
import type { Tree } from "./tree-store.ts";

export interface Intake {
  readonly sql: SqlStorage;
  readonly tree: Tree;
  readonly now: number;
  /** In the same transaction: whatever wants to hear of records puts them into a queue of its own here. */
  readonly taken: (log: string, records: readonly TakenRecord[]) => void;
}

/** In a transaction. */
export function take(intake: Intake, { log, lines }: TakeInput): TakeOutput {
  const { sql } = intake;
  const held = headOf(sql, log);
  const fresh: TakenRecord[] = [];
  let disputed: TakeOutput["disputed"] = null;
  let head = held;
  for (const line of lines.slice(0, MOST_TAKEN)) {
    const record = readLine(line);
    const fault = record === null ? "broken" : faultOf(intake, log, record, held, head);
    // What is behind a gap is asked for again, from the gap on.
    if (fault === "gap") break;
    if (fault !== null) {
      const seq = record?.seq ?? head.seq + 1;
      disputed = { seq, what: fault };
      noteDispute(intake, log, seq, fault, record?.hash ?? "");
      break;
    }
    if (record === null || record.seq <= head.seq) continue;
    fresh.push(record);
    head = { seq: record.seq, hash: record.hash };
  }
  anchor(intake, log, fresh, head);
  return { taken: head.seq, disputed };
}

/** @param held of the log before this call; @param head with what this call has brought so far */
function faultOf(intake: Intake, log: string, record: TakenRecord, held: Head, head: Head): Dispute | "gap" | null {
  if (record.seq <= held.seq) return isHeld(intake, log, record) ? null : "changed";
  if (record.seq > head.seq + 1) return "gap";
  return record.seq === head.seq + 1 && record.prev === head.hash ? null : "forked";
}

function isHeld({ sql, tree }: Intake, log: string, record: TakenRecord): boolean {
  const place = leafOf(sql, log, record.seq);
  if (place === null) return false;
  const expected = leafHash(hashBytes(record.hash));
  return leavesAt(tree, place, 1).every((byte, index) => byte === expected[index]);
}

/** Where a record's hash lies in the tree; null when it isn't anchored. */
export function leafOf(sql: SqlStorage, log: string, seq: number): number | null {
  const query = "SELECT leaf, first, last FROM runs WHERE log = ? AND first <= ? ORDER BY first DESC LIMIT 1";
  const run = firstRow<{ leaf: number; first: number; last: number }>(sql, query, log, seq);
  return run === null || seq > run.last ? null : run.leaf + seq - run.first;
}

export function headOf(sql: SqlStorage, log: string): Head {
  return firstRow<{ seq: number; hash: string }>(sql, "SELECT seq, hash FROM heads WHERE log = ?", log) ?? EMPTY;
}

/** The shard that this object is, by any log that it has; null before the first. */
export function ownShard(sql: SqlStorage): number | null {
  const log = firstRow<{ log: string }>(sql, "SELECT log FROM heads LIMIT 1")?.log;
  return log === undefined ? null : shardOf(log);
}

function anchor(intake: Intake, log: string, fresh: readonly TakenRecord[], head: Head): void {
  const { sql, tree, now } = intake;
  const first = fresh[0];
  if (first === undefined) return;
  const leaf = tree.size();
  const leaves = fresh.map((record) => leafHash(hashBytes(record.hash)));
  appendLeaves(tree, leaf, leaves);
  tree.setSize(leaf + leaves.length);
  sql.exec("UPDATE tree SET clock = ?1 WHERE clock < ?1", now);
  sql.exec("INSERT INTO runs (leaf, log, first, last) VALUES (?, ?, ?, ?)", leaf, log, first.seq, head.seq);
  sql.exec("INSERT OR REPLACE INTO heads (log, seq, hash, at) VALUES (?, ?, ?, ?)", log, head.seq, head.hash, now);
  indexRun(sql, leaf, fresh);
  tallyRecords(sql, fresh, now);
  intake.taken(log, fresh);
}

/** A log that is disputed is offered again and again: each contradiction stands here once. */
function noteDispute({ sql, now }: Intake, log: string, seq: number, what: Dispute, hash: string): void {
  const held = rows(sql, "SELECT 1 FROM disputes WHERE log = ? LIMIT ?", log, MOST_DISPUTES).length;
  if (held >= MOST_DISPUTES) return;
  const query = "INSERT OR IGNORE INTO disputes (log, seq, what, hash, at) VALUES (?, ?, ?, ?, ?)";
  sql.exec(query, log, seq, what, hash, now);
}

const MOST_DISPUTES = 100;

/** Of `sha256:` and 64 hex digits. */
function hashBytes(hash: string): Uint8Array {
  const digits = hash.slice("sha256:".length).match(/../g) ?? [];
  return Uint8Array.from(digits, (pair) => Number.parseInt(pair, 16));
}
