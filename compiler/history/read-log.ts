/**
 * Pulled records, log by log: what one root session and all below it did, in the order in which it was written. Whether
 * the records are genuine is for `audit verify` to say.
 */
import type { JsonObject, JsonValue } from "../../engine/index.ts";
import { isFields, textOf, textsOf } from "./fields.ts";

export interface Entry {
  readonly record: JsonObject;
  readonly seq: number;
  readonly kind: string;
  /** Of the record; a log may hold those of several. */
  readonly session: string;
  readonly agent: string;
  /** Agents, the root first and the one that acts last. */
  readonly chain: readonly string[];
  /** UTC milliseconds. */
  readonly at: number;
  /** Canonical JSON beside the record; null where there are none, or not any more. */
  readonly args: string | null;
}

export interface Log {
  readonly entries: readonly Entry[];
  /** Whether it begins with its first record. */
  readonly whole: boolean;
}

export interface ReadLogs {
  readonly logs: readonly Log[];
  /** Lines that are no records. */
  readonly unreadable: number;
}

interface Growing {
  readonly entries: Entry[];
  readonly whole: boolean;
}

/** @param lines newline-delimited JSON, `{ "record": …, "args": … }`. What stands twice is read once. */
export function readLogs(lines: Iterable<string>): ReadLogs {
  const heads = new Map<string, Growing>();
  const seen = new Set<string>();
  const logs: Growing[] = [];
  let unreadable = 0;
  for (const line of lines) {
    if (line.trim() === "" || isLedgers(line)) continue;
    const read = readEntry(line);
    if (read === null) unreadable++;
    if (read === null || seen.has(read.hash)) continue;
    seen.add(read.hash);
    const before = read.prev === null ? undefined : heads.get(read.prev);
    const log = before ?? { entries: [], whole: read.prev === null && read.entry.seq === 1 };
    if (before === undefined) logs.push(log);
    else heads.delete(read.prev ?? "");
    log.entries.push(read.entry);
    heads.set(read.hash, log);
  }
  return { logs, unreadable };
}

/** Beside the records of sessions a pulled log holds lines of the ledger, and the Switchboard's records. */
function isLedgers(line: string): boolean {
  return /^\{"(ledger|checkpoint|leaves|anchor|dispute)":/.test(line) || line.includes('"session":"board"');
}

interface Read {
  readonly entry: Entry;
  readonly hash: string;
  readonly prev: string | null;
}

function readEntry(line: string): Read | null {
  const value = parsed(line);
  const record = isFields(value) ? value["record"] : undefined;
  if (!isFields(value) || record === undefined || !isFields(record)) return null;
  const [session, agent, kind, at, hash] = ["session", "agent", "kind", "at", "hash"].map((name) =>
    textOf(record, name),
  );
  const { seq } = record;
  if (!session || !agent || !kind || !at || !hash || typeof seq !== "number" || Number.isNaN(Date.parse(at)))
    return null;
  const chain = textsOf(record, "chain");
  const args = value["args"];
  const entry = {
    record,
    seq,
    kind,
    session,
    agent,
    chain: chain.at(-1) === agent ? chain : [agent],
    at: Date.parse(at),
    args: typeof args === "string" ? args : null,
  };
  return { entry, hash, prev: textOf(record, "prev") };
}

function parsed(line: string): JsonValue {
  try {
    return JSON.parse(line) as JsonValue;
  } catch {
    // Not a record; whoever reads is told how many lines weren't.
    return null;
  }
}
