/** What third parties check the ledger by: proofs against a size of the tree, and its leaves. Hashes are in base64. */
import { consistencyProof, HASH_BYTES, inclusionProof, leavesAt } from "../../ledger/merkle-tree.ts";
import { base64 } from "../../ledger/signed-note.ts";
import { firstRow, rows } from "../../rows.ts";
import type { Inclusion, LeavesOutput } from "../../rpc.ts";
import { leafOf } from "./take.ts";
import type { Tree } from "./tree-store.ts";

/** Null when the record isn't among the first `size` leaves. @param wanted null: the last of the log that is */
export function proveInclusion(
  sql: SqlStorage,
  tree: Tree,
  log: string,
  wanted: number | null,
  size: number,
): Inclusion | null {
  const seq = wanted ?? lastWithin(sql, log, size);
  const leaf = leafOf(sql, log, seq);
  if (leaf === null || leaf >= size || size > tree.size()) return null;
  return { seq, leaf, size, hashes: inclusionProof(tree, leaf, size).map(base64) };
}

/** 0 for none. */
function lastWithin(sql: SqlStorage, log: string, size: number): number {
  const query = "SELECT leaf, log, first, last FROM runs WHERE log = ? AND leaf < ? ORDER BY leaf DESC LIMIT 1";
  const run = firstRow<Run>(sql, query, log, size);
  return run === null ? 0 : Math.min(run.last, run.first + size - 1 - run.leaf);
}

/** Null when the tree never had these sizes in this order. */
export function proveConsistency(tree: Tree, from: number, to: number): readonly string[] | null {
  return from > to || to > tree.size() ? null : consistencyProof(tree, from, to).map(base64);
}

/** Leaves that are given at a time. */
const MOST_LEAVES = 10_000;

interface Run {
  readonly leaf: number;
  readonly log: string;
  readonly first: number;
  readonly last: number;
}

/** Leaf hashes from `from` on, up to the size `to`, with the records that they are of. */
export function readLeaves(sql: SqlStorage, tree: Tree, from: number, to: number): LeavesOutput {
  const end = Math.min(to, tree.size(), from + MOST_LEAVES);
  if (from >= end) return { runs: [], next: from };
  const query = `SELECT leaf, log, first, last FROM runs
    WHERE leaf >= (SELECT coalesce(max(leaf), 0) FROM runs WHERE leaf <= ?1) AND leaf < ?2 ORDER BY leaf`;
  const runs = rows<Run>(sql, query, from, end).map((run) => {
    const first = Math.max(from, run.leaf);
    const count = Math.min(end, run.leaf + run.last - run.first + 1) - first;
    return { log: run.log, seq: run.first + first - run.leaf, hashes: base64(hashes(tree, first, count)) };
  });
  return { runs, next: end };
}

function hashes(tree: Tree, from: number, count: number): Uint8Array {
  const read = new Uint8Array(count * HASH_BYTES);
  for (let done = 0; done < count; ) {
    const part = leavesAt(tree, from + done, count - done);
    read.set(part, done * HASH_BYTES);
    done += part.length / HASH_BYTES;
  }
  return read;
}
