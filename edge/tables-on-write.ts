/**
 * Storage whose tables come with the first row that is written to them. Who may ask can name any number of objects that
 * never come to be: they hold nothing. And of the tables that an object may need most never have a row: each that is
 * there is read at every wake, and holds a page in memory and on the disk. What isn't there reads as empty.
 */
import { cursorOf } from "./cursor-of.ts";
import { statementPlan } from "./statement-plan.ts";
import { withExec } from "./with-exec.ts";

export type Storage = Pick<DurableObjectStorage, "sql" | "transactionSync">;

/** Tables that are made together, with their indexes. */
interface Part {
  readonly schema: string;
  readonly tables: readonly string[];
  /** Of tables and indexes. */
  readonly names: readonly string[];
}

/** @param schemas for each part its `CREATE … IF NOT EXISTS`; a constant of the source */
export function tablesOnWrite(storage: DurableObjectStorage, schemas: readonly string[]): Storage {
  // A property of the platform's: each look at it is a call.
  const { sql: stored } = storage;
  const parts = partsOf(schemas);
  let missing = missingParts(stored, parts);
  const lacking = (tables: readonly string[]): readonly Part[] =>
    missing.filter((part) => tables.some((table) => part.tables.includes(table)));
  const make = (some: readonly Part[]): void => {
    for (const part of some) stored.exec(part.schema);
    missing = missing.filter((part) => !some.includes(part));
  };
  const exec = (query: string, ...values: readonly SqlStorageValue[]): unknown => {
    const { kind, tables } = statementPlan(query);
    const needed = missing.length === 0 ? [] : lacking(tables);
    if (needed.length === 0) return stored.exec(query, ...values);
    const hasNoRows = lacking(tables.slice(0, 1)).length > 0;
    if (kind === "read" && hasNoRows) return cursorOf(readEmpty(storage, needed, query, values));
    if (kind === "change" && hasNoRows) return cursorOf([]);
    make(needed);
    return stored.exec(query, ...values);
  };
  const transactionSync = <T>(run: () => T): T => {
    const before = missing;
    try {
      return storage.transactionSync(run);
    } catch (error) {
      // Tables that were made in it are gone with it.
      missing = before;
      throw error;
    }
  };
  return { sql: withExec(stored, exec), transactionSync };
}

const known = new WeakMap<readonly string[], readonly Part[]>();

function partsOf(schemas: readonly string[]): readonly Part[] {
  const parts = known.get(schemas) ?? schemas.map(partOf);
  known.set(schemas, parts);
  return parts;
}

function partOf(schema: string): Part {
  const made = [...schema.matchAll(/\bCREATE (TABLE|(?:UNIQUE )?INDEX) IF NOT EXISTS (\w+)/g)];
  return {
    schema,
    tables: made.flatMap(([, kind, name = ""]) => (kind === "TABLE" ? [name] : [])),
    names: made.map(([, , name = ""]) => name),
  };
}

/** Those of which nothing is there. What a later version has more of than is there is made at once. */
function missingParts(sql: SqlStorage, parts: readonly Part[]): readonly Part[] {
  const found = namesIn(sql);
  if (found.size === 0) return parts;
  const missing = parts.filter(({ tables }) => !tables.some((table) => found.has(table)));
  for (const part of parts)
    if (!missing.includes(part) && !part.names.every((name) => found.has(name))) sql.exec(part.schema);
  return missing;
}

/** Tables and indexes, but those of SQLite and of the platform. */
function namesIn(sql: SqlStorage): ReadonlySet<string> {
  const all = sql.exec<{ name: string }>("SELECT name FROM sqlite_master").toArray();
  return new Set(all.flatMap(({ name }) => (/^(?:sqlite)?_/.test(name) ? [] : [name])));
}

type Rows = readonly Record<string, SqlStorageValue>[];

/** Whatever isn't read from this table alone, or is computed over all its rows, may say something of none. */
const MAY_SAY_SOMETHING =
  /\b(?:avg|count|group_concat|json_group_\w+|max|min|sum|total)\s*\(|\bSELECT\b.*\bSELECT\b|\b(?:FULL|RIGHT)\b/is;

function readEmpty(
  storage: DurableObjectStorage,
  needed: readonly Part[],
  query: string,
  values: readonly SqlStorageValue[],
): Rows {
  if (!MAY_SAY_SOMETHING.test(query)) return [];
  const undone = new Undone();
  try {
    storage.transactionSync(() => {
      for (const { schema } of needed) storage.sql.exec(schema);
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
