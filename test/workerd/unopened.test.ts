/** Objects of sessions that were never opened: whoever may ask can name any number of them. */
import { evictAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { newApprovalId, newTicket } from "../../edge/ids.ts";
import { rememberReads } from "../../edge/remembered-reads.ts";
import { tablesOnWrite } from "../../edge/tables-on-write.ts";
import { eachAlone } from "./each-alone.ts";
import { authorizeInput, bindings, openInput, openSession, sessionObject, unique } from "./requests.ts";

eachAlone();

const tablesOf = (session: string): Promise<readonly string[]> =>
  runInDurableObject(bindings.SESSION.get(bindings.SESSION.idFromName(session)), (_, { storage }) => names(storage));

function names({ sql }: Pick<DurableObjectStorage, "sql">): readonly string[] {
  const tables = sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").toArray();
  return tables.map(({ name }) => name).filter((name) => !/^(?:sqlite)?_/.test(name));
}

test("a session that was never opened keeps nothing, whatever it is asked, and opens like any other", async () => {
  const bot = unique("bot");
  const used = openInput(bot);
  expect(await sessionObject(used.session).open(used)).toMatchObject({ opened: true });
  const input = openInput(bot, { credential: used.credential });
  const { session } = input;
  const rpc = sessionObject(session);
  const caller = { sequence: 1, agent: bot };
  const approval = newApprovalId(session);
  expect(await rpc.open(input)).toMatchObject({ refused: "replayed_credential" });
  expect(await rpc.ticket({ sequence: 1, ticket: newTicket(session), agent: bot })).toMatchObject({
    refused: "forbidden",
  });
  expect(await rpc.viewApproval({ sequence: 1, approval })).toEqual({ refused: "not_found" });
  expect(await rpc.records({ sequence: 1, after: 0, limit: 10 })).toEqual({ refused: "not_found" });
  expect(await rpc.state(caller)).toEqual({ refused: "not_found" });
  expect(await rpc.authorize(await authorizeInput(session, bot, {}))).toEqual({ refused: "not_found" });
  expect(await rpc.settle({ reservations: ["open.x", approval] })).toMatchObject({ fates: ["release", "release"] });
  await rpc.anchor();
  expect(await tablesOf(session)).toEqual([]);
  await evictAllDurableObjects();
  expect(await tablesOf(session)).toEqual([]);
  expect(await sessionObject(session).open(openInput(bot, { session }))).toMatchObject({ opened: true });
  expect(await tablesOf(session)).toContain("records");
});

test("a switch for a session that isn't open yet is kept", async () => {
  const other = await openSession(unique("bot"));
  const input = openInput(other.agent);
  const switches = [{ id: "swt_1", scope: "session", name: input.session, reason: "odd", by: "olga" }] as const;
  await sessionObject(input.session).learnSwitches({ side: "session", epoch: 1, switches, session: input.session });
  expect(await sessionObject(input.session).open(input)).toMatchObject({ opened: false, reason: "frozen" });
});

describe("tables that are made with the first write", () => {
  const schema = ["CREATE TABLE IF NOT EXISTS a (value INTEGER)"];

  test("aren't there before, read as empty ones, and aren't there when that write is taken back", async () => {
    const stub = bindings.BUDGET.get(bindings.BUDGET.newUniqueId());
    await runInDurableObject(stub, (_, { storage }) => {
      for (const name of names(storage)) storage.sql.exec(`DROP TABLE ${name}`);
      const { sql, transaction } = rememberReads(tablesOnWrite(storage, schema));
      const seen = () => [
        sql.exec("SELECT value FROM a").toArray(),
        sql.exec("SELECT count(*) AS n FROM a").one(),
        sql.exec("SELECT max(value) AS n FROM a").one(),
      ];
      expect(seen()).toEqual([[], { n: 0 }, { n: null }]);
      expect(names(storage)).toEqual([]);
      const takenBack = () =>
        transaction(() => {
          sql.exec("INSERT INTO a (value) VALUES (1)");
          expect(seen()).toEqual([[{ value: 1 }], { n: 1 }, { n: 1 }]);
          throw new Error("undone");
        });
      expect(takenBack).toThrow("undone");
      expect([names(storage), seen()]).toEqual([[], [[], { n: 0 }, { n: null }]]);
      sql.exec("INSERT INTO a (value) VALUES (2)");
      expect([names(storage), seen()]).toEqual([["a"], [[{ value: 2 }], { n: 1 }, { n: 2 }]]);
    });
  });

  test("come each with a row of its own: what reads or deletes makes none, unless a join needs it", async () => {
    const stub = bindings.BUDGET.get(bindings.BUDGET.newUniqueId());
    await runInDurableObject(stub, (_, { storage }) => {
      for (const name of names(storage)) storage.sql.exec(`DROP TABLE ${name}`);
      const two = [
        "CREATE TABLE IF NOT EXISTS a (value INTEGER); CREATE INDEX IF NOT EXISTS a_value ON a (value)",
        "CREATE TABLE IF NOT EXISTS b (value INTEGER)",
      ];
      const { sql, transaction } = rememberReads(tablesOnWrite(storage, two));
      sql.exec("INSERT INTO a (value) VALUES (1)");
      expect(sql.exec("DELETE FROM b RETURNING value").toArray()).toEqual([]);
      sql.exec("UPDATE b SET value = (SELECT value FROM a)");
      expect(sql.exec("SELECT b.value FROM b JOIN a").toArray()).toEqual([]);
      expect(sql.exec("SELECT count(*) AS n FROM b").one()).toEqual({ n: 0 });
      expect(names(storage)).toEqual(["a"]);
      expect(sql.exec("SELECT a.value FROM a LEFT JOIN b ON a.value = b.value").toArray()).toEqual([{ value: 1 }]);
      expect(names(storage)).toEqual(["a", "b"]);
      storage.sql.exec("DROP TABLE b");
      const again = rememberReads(tablesOnWrite(storage, two));
      again.transaction(() => {
        const inner = () =>
          again.transaction(() => {
            again.sql.exec("INSERT INTO b (value) VALUES (5)");
            throw new Error("undone");
          });
        expect(inner).toThrow("undone");
        again.sql.exec("INSERT INTO b (value) VALUES (6)");
      });
      expect(again.sql.exec("SELECT value FROM b").toArray()).toEqual([{ value: 6 }]);
      expect(transaction(() => sql.exec("SELECT value FROM a").toArray())).toEqual([{ value: 1 }]);
    });
  });

  test("of a session are those that it has needed", async () => {
    const { id } = await openSession(unique("bot"));
    const tables = await tablesOf(id);
    expect(tables).toEqual(expect.arrayContaining(["session", "records"]));
    for (const unused of ["approvals", "tickets", "roles", "tallies", "redeemed", "members", "decisions"])
      expect(tables).not.toContain(unused);
  });

  test("are made at once where a later version has more of them", async () => {
    const stub = bindings.BUDGET.get(bindings.BUDGET.newUniqueId());
    await runInDurableObject(stub, (_, { storage }) => {
      for (const name of names(storage)) storage.sql.exec(`DROP TABLE ${name}`);
      storage.sql.exec(schema.join());
      tablesOnWrite(storage, [`${schema.join()}; CREATE TABLE IF NOT EXISTS b (value INTEGER)`]);
      expect(names(storage)).toEqual(["a", "b"]);
    });
  });
});
