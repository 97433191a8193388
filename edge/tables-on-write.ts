/**
 * Storage of an object that may never come to be: whoever may ask can name any number of them, so that one holds nothing,
 * not even tables, until something is written to it. What is read before is what empty tables would give.
 */
import { cursorOf } from "./cursor-of.ts";
import { withExec } from "./with-exec.ts";

export type Storage = Pick<DurableObjectStorage, "sql" | "transactionSync">;

/** @param schema `CREATE … IF NOT EXISTS` of every table and index */
export function tablesOnWrite(storage: DurableObjectStorage, schema: string): Storage {
  // A property of the platform's: each look at it is a call.
  const { sql: stored } = storage;
  const create = (): void => {
    stored.exec(schema);
  };
  const found = namesIn(stored);
  let made = found.size > 0;
  // An object wakes up often, and each statement takes time to compile: only what a later version adds is made.
  if (made && !namesOf(schema).every((name) => found.has(name))) create();
  const exec = (query: string, ...values: readonly SqlStorageValue[]): unknown => {
    if (made) return stored.exec(query, ...values);
    if (/^\s*SELECT\b/i.test(query)) return cursorOf(readEmpty(storage, create, query, values));
    create();
    made = true;
    return stored.exec(query, ...values);
  };
  const transactionSync = <T>(run: () => T): T => {
    const before = made;
    try {
      return storage.transactionSync(run);
    } catch (error) {
      // Tables that were made in it are gone with it.
      made = before;
      throw error;
    }
  };
  return { sql: withExec(stored, exec), transactionSync };
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
