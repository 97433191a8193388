/**
 * SQL whose reads are remembered until something is written to a table that they read. One decision looks at the same
 * few rows many times, and an object's storage is written by that object alone, so what was read stays true.
 */

import { cursorOf } from "./cursor-of.ts";
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

interface Answer {
  readonly rows: readonly object[];
  /** Tables, each with how often it had been written to. */
  readonly seen: readonly (readonly [table: string, writes: number])[];
}

interface Memory {
  readonly answers: Map<string, Answer>;
  readonly writes: Map<string, number>;
}

const memories = new WeakMap<SqlStorage, Memory>();

export function rememberReads(storage: Storage): RememberedSql {
  const memory: Memory = { answers: new Map(), writes: new Map() };
  const exec = (query: string, ...values: readonly SqlStorageValue[]): unknown => {
    const { reads, tables } = planOf(query);
    if (reads && !values.some((value) => value instanceof ArrayBuffer))
      return cursorOf(remembered(storage.sql, memory, { query, values, tables }));
    for (const table of tables) memory.writes.set(table, writesTo(memory, table) + 1);
    return storage.sql.exec(query, ...values);
  };
  const sql = new Proxy(storage.sql, {
    get: (target, key) => (key === "exec" ? exec : (Reflect.get(target, key, target) as unknown)),
  });
  memories.set(sql, memory);
  const transaction = <T>(run: () => T): T => {
    try {
      return storage.transactionSync(run);
    } catch (error) {
      memory.answers.clear();
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
  if (memory !== undefined) remember(memory, { query, values, tables: planOf(query).tables }, rows);
}

interface Asked {
  readonly query: string;
  readonly values: readonly SqlStorageValue[];
  readonly tables: readonly string[];
}

function remembered(storage: SqlStorage, memory: Memory, asked: Asked): readonly object[] {
  const known = memory.answers.get(keyOf(asked));
  if (known?.seen.every(([table, writes]) => writesTo(memory, table) === writes) === true) return known.rows;
  const rows: readonly object[] = storage.exec(asked.query, ...asked.values).toArray();
  remember(memory, asked, rows);
  return rows;
}

function remember(memory: Memory, asked: Asked, rows: readonly object[]): void {
  for (const row of rows) Object.freeze(row);
  if (rows.length > MOST_ROWS || isLong(rows)) memory.answers.delete(keyOf(asked));
  else {
    if (memory.answers.size >= MOST_ANSWERS) memory.answers.clear();
    const seen = asked.tables.map((table) => [table, writesTo(memory, table)] as const);
    memory.answers.set(keyOf(asked), { rows, seen });
  }
}

function keyOf({ query, values }: Asked): string {
  return values.length === 0 ? query : `${query}\n${JSON.stringify(values)}`;
}

function isLong(rows: readonly object[]): boolean {
  let text = 0;
  for (const row of rows)
    for (const value of Object.values(row) as readonly unknown[])
      if ((text += typeof value === "string" ? value.length : 0) > MOST_TEXT) return true;
  return false;
}

function writesTo({ writes }: Memory, table: string): number {
  return writes.get(table) ?? 0;
}

interface Plan {
  readonly reads: boolean;
  readonly tables: readonly string[];
}

/** Statements are texts of the source, so there are few. */
const plans = new Map<string, Plan>();

function planOf(query: string): Plan {
  const known = plans.get(query);
  if (known !== undefined) return known;
  const named = query.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE|TABLE(?: IF NOT EXISTS)?)\s+(\w+)/gi);
  const tables = [...new Set([...named].map(([, table = ""]) => table.toLowerCase()))];
  const plan = { reads: /^\s*SELECT\b/i.test(query) && tables.length > 0, tables };
  plans.set(query, plan);
  return plan;
}
