/**
 * SQL whose reads are remembered until something is written to a table that they read. One decision looks at the same
 * few rows many times, and an object's storage is written by that object alone, so what was read stays true.
 */
import { cursorOf } from "./cursor-of.ts";
import { statementPlan } from "./statement-plan.ts";
import { withExec } from "./with-exec.ts";
import type { Storage } from "./tables-on-write.ts";

export interface RememberedSql {
  /** Takes the place of the storage's own; everything must go through it. */
  readonly sql: SqlStorage;
  /** All or nothing; nested ones are part of the outer one. What was read in one that is rolled back is forgotten. */
  readonly transaction: <T>(run: () => T) => T;
}

/**
 * More than this is a page that nobody asks for again; kept, the pages of one long log would fill the memory that all
 * objects of an isolate share.
 */
const MOST_ROWS = 128;
/** Characters. */
const MOST_TEXT = 16 * 1024;
const MOST_ANSWERS = 500;

interface Remembered {
  readonly rows: readonly object[];
  /** That they were read of. */
  readonly tables: readonly string[];
}

interface Memory {
  /** By what was asked. */
  readonly answers: Map<string, Remembered>;
  /** Of a table: what was asked of it. */
  readonly readers: Map<string, Set<string>>;
}

const memories = new WeakMap<SqlStorage, Memory>();

export function rememberReads(storage: Storage): RememberedSql {
  const memory: Memory = { answers: new Map(), readers: new Map() };
  const { sql: stored } = storage;
  const exec = (query: string, ...values: readonly SqlStorageValue[]): unknown => {
    const { kind, tables } = statementPlan(query);
    if (kind === "read" && !values.some(isBytes))
      return cursorOf(remembered(stored, memory, { query, values, tables }));
    for (const table of tables) forget(memory, table);
    return stored.exec(query, ...values);
  };
  const sql = withExec(stored, exec);
  memories.set(sql, memory);
  const transaction = <T>(run: () => T): T => {
    try {
      return storage.transactionSync(run);
    } catch (error) {
      memory.answers.clear();
      memory.readers.clear();
      throw error;
    }
  };
  return { sql, transaction };
}

/**
 * For whoever has just written and knows what the statement reads from now on: it needn't be asked. Of an object whose
 * reads aren't remembered nothing is noted.
 */
export function nowReads(
  sql: SqlStorage,
  query: string,
  values: readonly SqlStorageValue[],
  rows: readonly object[],
): void {
  const memory = memories.get(sql);
  if (memory !== undefined) remember(memory, keyOf(query, values), statementPlan(query).tables, rows);
}

interface Asked {
  readonly query: string;
  readonly values: readonly SqlStorageValue[];
  readonly tables: readonly string[];
}

function remembered(sql: SqlStorage, memory: Memory, { query, values, tables }: Asked): readonly object[] {
  const key = keyOf(query, values);
  const known = memory.answers.get(key);
  if (known !== undefined) return known.rows;
  const rows: readonly object[] = sql.exec(query, ...values).toArray();
  remember(memory, key, tables, rows);
  return rows;
}

function remember(memory: Memory, key: string, tables: readonly string[], rows: readonly object[]): void {
  const { answers, readers } = memory;
  for (const row of rows) Object.freeze(row);
  drop(memory, key);
  if (rows.length > MOST_ROWS || isLong(rows)) return;
  if (answers.size >= MOST_ANSWERS) {
    answers.clear();
    readers.clear();
  }
  answers.set(key, { rows, tables });
  for (const table of tables) {
    const asked = readers.get(table);
    if (asked === undefined) readers.set(table, new Set([key]));
    else asked.add(key);
  }
}

function forget(memory: Memory, table: string): void {
  const asked = memory.readers.get(table);
  if (asked === undefined) return;
  memory.readers.delete(table);
  for (const key of asked) drop(memory, key);
}

/** Of each of its tables: one that is never written to would keep whatever was once read of it and another. */
function drop({ answers, readers }: Memory, key: string): void {
  for (const table of answers.get(key)?.tables ?? []) readers.get(table)?.delete(key);
  answers.delete(key);
}

/** One text, by far the most frequent, needs no JSON; a statement takes as many values as it has places. */
function keyOf(query: string, values: readonly SqlStorageValue[]): string {
  const [first] = values;
  if (first === undefined) return query;
  return values.length === 1 && typeof first === "string"
    ? `${query}\n'${first}`
    : `${query}\n${JSON.stringify(values)}`;
}

function isBytes(value: SqlStorageValue): boolean {
  return value instanceof ArrayBuffer;
}

function isLong(rows: readonly object[]): boolean {
  let text = 0;
  for (const row of rows)
    for (const value of Object.values(row) as readonly unknown[])
      if ((text += typeof value === "string" ? value.length : 0) > MOST_TEXT) return true;
  return false;
}
