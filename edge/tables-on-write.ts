/**
 * Storage of an object that may never come to be: whoever may ask can name any number of them, so that one holds nothing,
 * not even tables, until something is written to it. What is read before is what empty tables would give.
 */

export type Storage = Pick<DurableObjectStorage, "sql" | "transactionSync">;

/** @param create makes the tables that aren't there */
export function tablesOnWrite(storage: DurableObjectStorage, create: (sql: SqlStorage) => void): Storage {
  let made = hasTables(storage.sql);
  if (made) create(storage.sql);
  const exec = (query: string, ...values: readonly SqlStorageValue[]): unknown => {
    if (!made && /^\s*SELECT\b/i.test(query)) return cursorOf(readEmpty(storage, create, query, values));
    if (!made) create(storage.sql);
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
      made = hasTables(storage.sql);
      throw error;
    }
  };
  return { sql, transactionSync };
}

type Rows = readonly Record<string, SqlStorageValue>[];

/** But those of SQLite and of the platform. */
function hasTables(sql: SqlStorage): boolean {
  const tables = sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").toArray();
  return tables.some(({ name }) => !/^(?:sqlite)?_/.test(name));
}

/** Only what is computed over all rows says something of none. */
function readEmpty(
  storage: DurableObjectStorage,
  create: (sql: SqlStorage) => void,
  query: string,
  values: readonly SqlStorageValue[],
): Rows {
  if (!/\b(?:count|min|max|sum|total)\s*\(/i.test(query)) return [];
  const undone = new Undone();
  try {
    storage.transactionSync(() => {
      create(storage.sql);
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

/** As much of the platform's cursor as the edge uses. */
function cursorOf(rows: Rows): Pick<SqlStorageCursor<Record<string, SqlStorageValue>>, "toArray" | "one"> {
  return {
    toArray: () => [...rows],
    one: () => {
      const [row] = rows;
      if (row === undefined || rows.length > 1) throw new Error(`expected one row, found ${rows.length}`);
      return row;
    },
  };
}
