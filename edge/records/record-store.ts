/** Records in SQL: one row each, arguments once by their MAC in a table of their own, so that they can be erased. */
import type { BoardDraft, Draft, SealedRecord } from "./record.ts";
import { nowReads } from "../remembered-reads.ts";
import { firstRow } from "../rows.ts";
import { argumentsMac, EMPTY, type Head, sealRecord } from "./seal-record.ts";

export const RECORDS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS records (seq INTEGER PRIMARY KEY, hash TEXT NOT NULL, args_mac TEXT, text TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS args (mac TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS args_total (id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL);
`;

/** All that one session may store of arguments, in UTF-16 code units; erasing gives nothing back. */
const MAX_ARGUMENTS = 8 * 1024 * 1024;

export interface LogLine {
  readonly record: SealedRecord;
  /** Canonical JSON; null where there are none or they were erased. */
  readonly args: string | null;
}

/** A record whose arguments aren't bound yet. */
type Unbound = Omit<Draft, "args_mac"> | Omit<BoardDraft, "args_mac">;

export interface RecordStore {
  append(draft: Unbound, args: string | null): { readonly seq: number };
  /** Whether these arguments still fit into what the session may store. */
  hasRoomFor(args: string): boolean;
  read(after: number, limit: number): readonly LogLine[];
  /** Canonical text of the records alone, as they were sealed. */
  texts(after: number, limit: number): readonly string[];
  /** Number of the last record; 0 before the first. */
  last(): number;
  /** Numbers of the records whose arguments went: all with the same ones; none when it has no arguments (any more). */
  eraseArguments(seq: number): readonly number[];
  /** Whether any are stored. */
  hasArguments(): boolean;
  /** How many were erased. */
  eraseAllArguments(): number;
}

export function createRecordStore(sql: SqlStorage, key: string): RecordStore {
  return {
    append: (draft, args) => append(sql, key, draft, args),
    hasRoomFor: (args) => hasRoomFor(sql, args),
    read: (after, limit) => read(sql, after, limit),
    texts: (after, limit) => texts(sql, after, limit),
    last: () => headOf(sql).seq,
    eraseArguments: (seq) => eraseArguments(sql, seq),
    hasArguments: () => sql.exec("SELECT 1 FROM args LIMIT 1").toArray().length > 0,
    eraseAllArguments: () => eraseAllArguments(sql),
  };
}

function append(sql: SqlStorage, key: string, draft: Unbound, args: string | null): { readonly seq: number } {
  const mac = args === null ? null : argumentsMac(key, args);
  const { record, text } = sealRecord({ ...draft, args_mac: mac } as Draft | BoardDraft, headOf(sql));
  if (mac !== null && args !== null) keepArguments(sql, mac, args);
  sql.exec("INSERT INTO records (seq, hash, args_mac, text) VALUES (?, ?, ?, ?)", record.seq, record.hash, mac, text);
  nowReads(sql, HEAD, [], [{ seq: record.seq, hash: record.hash }]);
  return record;
}

const HEAD = "SELECT seq, hash FROM records ORDER BY seq DESC LIMIT 1";

function headOf(sql: SqlStorage): Head {
  return firstRow<{ seq: number; hash: string }>(sql, HEAD) ?? EMPTY;
}

/** Without room they aren't kept: the record still binds them, and nothing is admitted any more. */
function keepArguments(sql: SqlStorage, mac: string, args: string): void {
  const kept = sql.exec("SELECT 1 FROM args WHERE mac = ?", mac).toArray().length > 0;
  if (kept || !hasRoomFor(sql, args)) return;
  sql.exec("INSERT INTO args (mac, text) VALUES (?, ?)", mac, args);
  sql.exec(
    "INSERT INTO args_total (id, size) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET size = size + ?1",
    args.length,
  );
}

function hasRoomFor(sql: SqlStorage, args: string): boolean {
  const row = sql.exec<{ size: number }>("SELECT size FROM args_total").toArray()[0];
  return (row?.size ?? 0) + args.length <= MAX_ARGUMENTS;
}

function read(sql: SqlStorage, after: number, limit: number): readonly LogLine[] {
  return sql
    .exec<{ text: string; args: string | null }>(
      `SELECT records.text AS text, args.text AS args FROM records LEFT JOIN args ON args.mac = records.args_mac
       WHERE seq > ? ORDER BY seq LIMIT ?`,
      after,
      limit,
    )
    .toArray()
    .map((row) => ({ record: JSON.parse(row.text) as SealedRecord, args: row.args }));
}

function texts(sql: SqlStorage, after: number, limit: number): readonly string[] {
  return sql
    .exec<{ text: string }>("SELECT text FROM records WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)
    .toArray()
    .map((row) => row.text);
}

function eraseArguments(sql: SqlStorage, seq: number): readonly number[] {
  const query = "DELETE FROM args WHERE mac = (SELECT args_mac FROM records WHERE seq = ?) RETURNING mac";
  const erased = sql.exec<{ mac: string }>(query, seq).toArray()[0];
  if (erased === undefined) return [];
  return sql
    .exec<{ seq: number }>(`${LET_GO} = ? RETURNING seq`, erased.mac)
    .toArray()
    .map((row) => row.seq)
    .toSorted((one, other) => one - other);
}

/** Were the very same asked again, they would stand beside the earlier records too. What was sealed says it still. */
const LET_GO = "UPDATE records SET args_mac = NULL WHERE args_mac";

function eraseAllArguments(sql: SqlStorage): number {
  const { length } = sql.exec("DELETE FROM args RETURNING mac").toArray();
  if (length > 0) sql.exec(`${LET_GO} IS NOT NULL`);
  return length;
}
