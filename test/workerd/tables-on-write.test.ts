import { describe, expect, test } from "vitest";
import { type RememberedSql, rememberReads } from "../../edge/remembered-reads.ts";
import { tablesOnWrite } from "../../edge/tables-on-write.ts";
import { inStorage, tablesIn } from "./in-storage.ts";

const A = "CREATE TABLE IF NOT EXISTS a (value INTEGER); CREATE INDEX IF NOT EXISTS a_value ON a (value)";
const B = "CREATE TABLE IF NOT EXISTS b (value INTEGER)";

/** As a session's object has them. */
function storageOf(storage: DurableObjectStorage, ...schemas: readonly string[]): RememberedSql {
  return rememberReads(tablesOnWrite(storage, schemas));
}

/** What can be asked of `a`. */
function seenIn(sql: SqlStorage): unknown {
  return [
    sql.exec("SELECT value FROM a").toArray(),
    sql.exec("SELECT count(*) AS n FROM a").one(),
    sql.exec("SELECT max(value) AS n FROM a").one(),
  ];
}

const NONE = [[], { n: 0 }, { n: null }];

/** Writes and takes it back. */
function writeInVain({ sql, transaction }: RememberedSql, statement: string, seen = () => {}): void {
  const inVain = (): void =>
    transaction(() => {
      sql.exec(statement);
      seen();
      throw new Error("undone");
    });
  expect(inVain).toThrow("undone");
}

describe("a table", () => {
  test("isn't there before its first row, and reads as an empty one", async () => {
    await inStorage((storage) => {
      const { sql } = storageOf(storage, A);
      expect(seenIn(sql)).toEqual(NONE);
      expect(tablesIn(storage)).toEqual([]);
      sql.exec("INSERT INTO a (value) VALUES (2)");
      expect(seenIn(sql)).toEqual([[{ value: 2 }], { n: 1 }, { n: 2 }]);
      expect(tablesIn(storage)).toEqual(["a"]);
    });
  });

  test("isn't there any more when its first row is taken back", async () => {
    await inStorage((storage) => {
      const stored = storageOf(storage, A);
      writeInVain(stored, "INSERT INTO a (value) VALUES (1)", () => {
        expect(seenIn(stored.sql)).toEqual([[{ value: 1 }], { n: 1 }, { n: 1 }]);
      });
      expect(tablesIn(storage)).toEqual([]);
      expect(seenIn(stored.sql)).toEqual(NONE);
    });
  });

  test("that was taken back within a transaction is made again by what it writes next", async () => {
    await inStorage((storage) => {
      const stored = storageOf(storage, A, B);
      stored.sql.exec("INSERT INTO a (value) VALUES (1)");
      stored.transaction(() => {
        writeInVain(stored, "INSERT INTO b (value) VALUES (5)");
        stored.sql.exec("INSERT INTO b (value) VALUES (6)");
      });
      expect(stored.sql.exec("SELECT value FROM b").toArray()).toEqual([{ value: 6 }]);
      expect(stored.sql.exec("SELECT value FROM a").toArray()).toEqual([{ value: 1 }]);
    });
  });

  test("comes with a row of its own, and not by being changed or read", async () => {
    await inStorage((storage) => {
      const { sql } = storageOf(storage, A, B);
      sql.exec("INSERT INTO a (value) VALUES (1)");
      expect(sql.exec("DELETE FROM b RETURNING value").toArray()).toEqual([]);
      sql.exec("UPDATE b SET value = (SELECT value FROM a)");
      expect(sql.exec("SELECT b.value FROM b JOIN a").toArray()).toEqual([]);
      expect(sql.exec("SELECT count(*) AS n FROM b").one()).toEqual({ n: 0 });
      expect(tablesIn(storage)).toEqual(["a"]);
    });
  });

  test("is made where rows of another are read together with it", async () => {
    await inStorage((storage) => {
      const { sql } = storageOf(storage, A, B);
      sql.exec("INSERT INTO a (value) VALUES (1)");
      const both = "SELECT a.value FROM a LEFT JOIN b ON a.value = b.value";
      expect(sql.exec(both).toArray()).toEqual([{ value: 1 }]);
      expect(tablesIn(storage)).toEqual(["a", "b"]);
    });
  });

  test("is made at once where a later version has it beside one that is there", async () => {
    await inStorage((storage) => {
      storage.sql.exec(A);
      storageOf(storage, `${A}; ${B}`);
      expect(tablesIn(storage)).toEqual(["a", "b"]);
    });
  });
});

describe("what is read of a table without rows", () => {
  test.each([
    ["SELECT (SELECT value FROM a) AS of_a, value FROM b", [{ of_a: null, value: 1 }]],
    ["SELECT value FROM a UNION SELECT value FROM b", [{ value: 1 }]],
    ["SELECT b.value FROM a RIGHT JOIN b ON a.value = b.value", [{ value: 1 }]],
    ["SELECT EXISTS (SELECT value FROM a) AS found", [{ found: 0 }]],
    ["SELECT group_concat(value) AS all_of FROM a", [{ all_of: null }]],
    ["WITH it AS (SELECT value FROM a) SELECT b.value FROM b LEFT JOIN it", [{ value: 1 }]],
    ["SELECT value FROM A", []],
  ])("leaves out nothing that another holds: %s", async (query, expected) => {
    await inStorage((storage) => {
      const { sql } = storageOf(storage, A, B);
      sql.exec("INSERT INTO b (value) VALUES (1)");
      expect(sql.exec(query).toArray()).toEqual(expected);
    });
  });

  test.each(["SELECT a.value FROM a, b", "SELECT one.value FROM a AS one, b AS two", 'SELECT value FROM "a"'])(
    "isn't guessed where the table isn't found by its keyword: %s",
    async (query) => {
      await inStorage((storage) => {
        expect(() => storageOf(storage, A, B).sql.exec(query)).toThrow("name each table by a bare word");
      });
    },
  );
});
