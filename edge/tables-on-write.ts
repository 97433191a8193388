/**
 * Storage of an object that may never come to be: whoever may ask can name any number of them, so that one holds nothing,
 * not even tables, until something is written to it. What is read before is what empty tables would give.
 */
import { cursorOf } from "./cursor-of.ts";

export type Storage = Pick<DurableObjectStorage, "sql" | "transactionSync">;

/** @param schema `CREATE … IF NOT EXISTS` of every table and index */
export function tablesOnWrite(storage: DurableObjectStorage, schema: string): Storage {
  const create = (): void => {
    storage.sql.exec(schema);
  };
  const found = namesIn(storage.sql);
  let made = found.size > 0;
  // An object wakes up often, and each statement takes time to compile: only what a later version adds is made.
  if (made && !namesOf(schema).every((name) => found.has(name))) create();
  const exec = (query: string, ...values: readonly SqlStorageValue[]): unknown => {
    if (!made && /^\s*SELECT\b/i.test(query)) return cursorOf(readEmpty(storage, create, query, values));
    if (!made) create();
    made = true;
    return storage.sql.exec(query, ...values);
  };
  const sql = new Proxy(storage.sql, {
    get: (target, key) => (key === "exec" ? exec : (Reflect.get(target, key, target) as unknown)),
  });
  const transactionSync = <T>(run: () => T): T => {
    try {
      return storage.transactionSync(run);
    } catch (error) {
      made = namesIn(storage.sql).size > 0;
      throw error;
    }
  };
  return { sql, transactionSync };
}

type Rows = readonly Record<string, SqlStorageValue>[];

/** Tables and indexes, but those of SQLite and of the platform. */
function namesIn(sql: SqlStorage): ReadonlySet<string> {
  const all = sql.exec<{ name: string }>("SELECT name FROM sqlite_master").toArray();
  return new Set(all.flatMap(({ name }) => (/^(?:sqlite)?_/.test(name) ? [] : [name])));
}

const known = new Map<string, readonly string[]>();

function namesOf(schema: string): readonly string[] {
  const names = known.get(schema) ?? [...schema.matchAll(/\bIF NOT EXISTS (\w+)/g)].map(([, name = ""]) => name);
  known.set(schema, names);
  return names;
}

/** Only what is computed over all rows says something of none. */
function readEmpty(
  storage: DurableObjectStorage,
  create: () => void,
  query: string,
  values: readonly SqlStorageValue[],
): Rows {
  if (!/\b(?:count|min|max|sum|total)\s*\(/i.test(query)) return [];
  const undone = new Undone();
  try {
    storage.transactionSync(() => {
      create();
      undone.rows = storage.sql.exec(query, ...values).toArray();
      throw undone;
    });
  } catch (error) {
    if (error !== undone) throw error;
  }
  return undone.rows;
}

class Undone extends Error {
  rows: Rows = [];
}
