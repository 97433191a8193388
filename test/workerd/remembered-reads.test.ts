import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { nowReads, rememberReads } from "../../edge/remembered-reads.ts";
import { inStorage } from "./in-storage.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 60);

const step = fc.oneof(
  fc.record({ kind: fc.constant("put"), table: fc.constantFrom("a", "b"), key: fc.nat(3), value: fc.nat(9) }),
  fc.record({ kind: fc.constant("drop"), table: fc.constantFrom("a", "b"), key: fc.nat(3), value: fc.nat(9) }),
  fc.record({ kind: fc.constant("move"), table: fc.constantFrom("a", "b"), key: fc.nat(3), value: fc.nat(9) }),
  fc.record({ kind: fc.constant("undo"), table: fc.constantFrom("a", "b"), key: fc.nat(3), value: fc.nat(9) }),
);

test("whatever is written, what is remembered is what is stored", async () => {
  await inStorage((storage) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        for (const table of ["a", "b"]) {
          storage.sql.exec(`DROP TABLE IF EXISTS ${table}`);
          storage.sql.exec(`CREATE TABLE ${table} (key INTEGER PRIMARY KEY, value INTEGER NOT NULL)`);
        }
        const { sql, transaction } = rememberReads(storage);
        const seen = (from: SqlStorage): unknown => [
          from.exec("SELECT * FROM a ORDER BY key").toArray(),
          from.exec("SELECT value FROM b WHERE key = ?", 2).toArray(),
          from.exec("SELECT count(*) AS n FROM a JOIN b ON a.key = b.key").one(),
        ];
        for (const { kind, table, key, value } of steps) {
          const change = (): void => {
            if (kind === "drop") sql.exec(`DELETE FROM ${table} WHERE key = ?`, key);
            else if (kind === "move") sql.exec(`UPDATE ${table} SET value = value + ?`, value);
            else sql.exec(`INSERT OR REPLACE INTO ${table} (key, value) VALUES (?, ?)`, key, value);
          };
          if (kind === "undo") {
            expect(() =>
              transaction(() => {
                change();
                expect(seen(sql)).toEqual(seen(storage.sql));
                throw new Error("undone");
              }),
            ).toThrow("undone");
          } else change();
          expect(seen(sql)).toEqual(seen(storage.sql));
        }
      }),
      { numRuns: RUNS },
    );
  });
});

test("what was read once isn't read again until its table is written to", async () => {
  await inStorage((storage) => {
    storage.sql.exec("CREATE TABLE a (key INTEGER PRIMARY KEY)");
    storage.sql.exec("CREATE TABLE b (key INTEGER PRIMARY KEY)");
    const { sql } = rememberReads(storage);
    const read = (): number => sql.exec("SELECT key FROM a").toArray().length;
    expect(read()).toBe(0);
    // Behind its back.
    storage.sql.exec("INSERT INTO a (key) VALUES (1)");
    expect(read()).toBe(0);
    sql.exec("INSERT INTO b (key) VALUES (1)");
    expect(read()).toBe(0);
    sql.exec("INSERT INTO a (key) VALUES (2)");
    expect(read()).toBe(2);
  });
});

test("who has just written may say what is read from then on, until the table is written to again", async () => {
  await inStorage((storage) => {
    storage.sql.exec("CREATE TABLE a (key INTEGER PRIMARY KEY)");
    const { sql, transaction } = rememberReads(storage);
    const read = (): unknown => sql.exec("SELECT key FROM a").toArray();
    const put = (key: number): void => {
      sql.exec("INSERT INTO a (key) VALUES (?)", key);
      // Not what is stored, to see who answers.
      nowReads(sql, "SELECT key FROM a", [], [{ key: key + 10 }]);
    };
    put(1);
    expect(read()).toEqual([{ key: 11 }]);
    sql.exec("INSERT INTO a (key) VALUES (2)");
    expect(read()).toEqual([{ key: 1 }, { key: 2 }]);
    const undone = (): void =>
      transaction(() => {
        put(3);
        throw new Error("undone");
      });
    expect(undone).toThrow("undone");
    expect(read()).toEqual([{ key: 1 }, { key: 2 }]);
  });
});

test("a long page isn't kept: the pages of one log would fill the memory of all", async () => {
  await inStorage((storage) => {
    storage.sql.exec("CREATE TABLE a (key INTEGER PRIMARY KEY, text TEXT NOT NULL)");
    const { sql } = rememberReads(storage);
    const read = (): number => sql.exec("SELECT text FROM a").toArray().length;
    sql.exec("INSERT INTO a (text) VALUES (?)", "x".repeat(20_000));
    expect(read()).toBe(1);
    // Behind its back.
    storage.sql.exec("INSERT INTO a (text) VALUES ('y')");
    expect(read()).toBe(2);
  });
});

test("what is forgotten is forgotten of each table that it was read of, however many are written to", async () => {
  await inStorage((storage) => {
    for (const name of ["a", "b"]) storage.sql.exec(`CREATE TABLE ${name} (key INTEGER PRIMARY KEY)`);
    const { sql } = rememberReads(storage);
    const added = vi.spyOn(Set.prototype, "add");
    try {
      for (let key = 1; key <= 50; key++) {
        sql.exec("INSERT INTO a (key) VALUES (?)", key);
        expect(sql.exec("SELECT a.key FROM a LEFT JOIN b ON a.key = b.key WHERE a.key = ?", key).one()).toEqual({
          key,
        });
      }
      const sets = added.mock.contexts as readonly Set<unknown>[];
      const kept = sets.filter((set) => [...set].some((each) => String(each).startsWith("SELECT a.key")));
      expect(kept.length).toBeGreaterThan(0);
      expect(Math.max(...kept.map((set) => set.size))).toBe(1);
    } finally {
      added.mockRestore();
    }
  });
});

test("one row is one row, and rows can't be changed by who reads them", async () => {
  await inStorage((storage) => {
    storage.sql.exec("CREATE TABLE a (key INTEGER PRIMARY KEY)");
    const { sql } = rememberReads(storage);
    expect(() => sql.exec("SELECT key FROM a").one()).toThrow("expected one row, found 0");
    sql.exec("INSERT INTO a (key) VALUES (1), (2)");
    expect(() => sql.exec("SELECT key FROM a").one()).toThrow("expected one row, found 2");
    const [row] = sql.exec<{ key: number }>("SELECT key FROM a").toArray();
    expect(() => Object.assign(row ?? {}, { key: 3 })).toThrow(TypeError);
  });
});
