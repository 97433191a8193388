/** Objects of sessions that were never opened: whoever may ask can name any number of them. */
import { evictAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { newApprovalId, newTicket } from "../../edge/ids.ts";
import { eachAlone } from "./each-alone.ts";
import { tablesIn } from "./in-storage.ts";
import { authorizeInput, bindings, openInput, openSession, sessionObject, unique } from "./requests.ts";

eachAlone();

/** Of a session's object. */
function tablesOf(session: string): Promise<readonly string[]> {
  const stub = bindings.SESSION.get(bindings.SESSION.idFromName(session));
  return runInDurableObject(stub, (_, { storage }) => tablesIn(storage));
}

test("a session that was never opened keeps nothing, whatever it is asked, and opens like any other", async () => {
  const bot = unique("bot");
  const used = openInput(bot);
  expect(await sessionObject(used.session).open(used)).toMatchObject({ opened: true });
  const input = openInput(bot, { credential: used.credential });
  const { session } = input;
  const rpc = sessionObject(session);
  const approval = newApprovalId(session);
  const ticket = { sequence: 1, ticket: newTicket(session), agent: bot };
  expect(await rpc.open(input)).toMatchObject({ refused: "replayed_credential" });
  expect(await rpc.ticket(ticket)).toMatchObject({ refused: "forbidden" });
  expect(await rpc.viewApproval({ sequence: 1, approval })).toEqual({ refused: "not_found" });
  expect(await rpc.records({ sequence: 1, after: 0, limit: 10 })).toEqual({ refused: "not_found" });
  expect(await rpc.state({ sequence: 1, agent: bot })).toEqual({ refused: "not_found" });
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

test("a session that did nothing yet has few of the tables that it may need", async () => {
  const { id } = await openSession(unique("bot"));
  const tables = await tablesOf(id);
  expect(tables).toEqual(expect.arrayContaining(["session", "records"]));
  for (const unused of ["approvals", "tickets", "roles", "tallies", "redeemed", "members", "decisions"])
    expect(tables).not.toContain(unused);
});
