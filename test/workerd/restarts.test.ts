/** What a session's object keeps over restarts, and over transactions that fail in the middle and are taken back. */
import { evictAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import type { OutcomeInput } from "../../edge/rpc.ts";
import { callerOf, eachChainAlone, lead, openBelow, sessionBelow, writer } from "./delegating.ts";
import { recordsOf } from "./records-of.ts";
import { allowing, bindings, limitRow, openSession, type OpenSession } from "./requests.ts";
import { operator, remainder, row, rule, switchboard, UNIT, unique } from "./requests.ts";

eachChainAlone();

const EMAIL = "mail.send";
const did = (action: string, same: string | null = null, within: number | null = null) =>
  remainder([row(rule("allow"), { op: "session_did", action, same, within })], { action: EMAIL });

/** Fails where the answer is stored: all that the decision wrote before is taken back. */
const FAILS = { change: { canonical_args: null } };

const indexesOf = (session: string): Promise<readonly string[]> =>
  runInDurableObject(bindings.SESSION.get(bindings.SESSION.idFromName(session)), (_, { storage }) =>
    storage.sql
      .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'decisions_%'")
      .toArray()
      .map(({ name }) => name),
  );

describe("over a restart", () => {
  test("`session did` tells what was admitted from what was denied, with which arguments", async () => {
    const session = await openSession(lead);
    const [one, other] = [`{"id":"1"}`, `{"id":"2"}`];
    await session.answer({ args: { id: "1" } });
    await session.answer({ args: { id: "2" }, remainder: remainder([]) });
    for (const restarts of [false, true, true]) {
      if (restarts) await evictAllDurableObjects();
      expect(await session.answer({ remainder: did("crm.read", one) })).toMatchObject({ decision: "allow" });
      expect(await session.answer({ remainder: did("crm.read", other) })).toMatchObject({ decision: "deny" });
      expect(await session.answer({ remainder: did("crm.write") })).toMatchObject({ decision: "deny" });
    }
  });

  test("each session of a tree has its own answers for the same request id, spent once", async () => {
    const root = await openSession(lead);
    const below = await openBelow(root, writer);
    const ask = { request_id: "r-1", remainder: allowing({ limits: [limitRow({ n: 3n * UNIT })] }) };
    const before = [await root.answer(ask), await below.answer(ask)];
    await evictAllDurableObjects();
    expect([await root.answer(ask), await sessionBelow(root, below.id, writer).answer(ask)]).toEqual(before);
    expect(new Set(before.map(({ decision_id }) => decision_id)).size).toBe(2);
    expect(await root.rpc.state(callerOf(root))).toMatchObject({ calls: 2, limits: [{ remaining: "1" }] });
  });

  test("an answer that rests on a role is kept from its agent while the role is killed, and no longer", async () => {
    const role = unique("role");
    const granted = { request_id: "r-1", remainder: remainder([row(rule("allow", { block: `role ${role}` }))]) };
    const root = await openSession(lead);
    const below = await openBelow(root, writer);
    const before = await below.answer(granted);
    expect(before).toMatchObject({ decision: "allow" });
    const flip = { sequence: 1, scope: "role", name: role, reason: "odd", by: operator } as const;
    await switchboard().flip(flip);
    await evictAllDurableObjects();
    expect(await below.answer(granted)).toMatchObject({ decision: "deny", reason: "killed" });
    await switchboard().lift({ ...flip, id: null });
    await evictAllDurableObjects();
    expect(await below.answer(granted)).toEqual(before);
  });

  test("no session of a tree reports for another one's decision", async () => {
    const root = await openSession(lead);
    const below = await openBelow(root, writer);
    const [above, beneath] = [await root.answer(), await below.answer()];
    for (const restarts of [false, true]) {
      if (restarts) await evictAllDurableObjects();
      expect(await report(root, beneath.decision_id)).toEqual({ refused: "not_found" });
      expect(await report(below, above.decision_id)).toEqual({ refused: "not_found" });
    }
    expect(await report(root, above.decision_id)).toMatchObject({ reported: true });
    expect(await report(below, beneath.decision_id)).toMatchObject({ reported: true });
  });
});

describe("a decision that is taken back", () => {
  test("leaves nothing behind but its denial, and the session goes on as if it hadn't been asked", async () => {
    const session = await openSession(lead);
    const limited = allowing({ limits: [limitRow({ n: 2n * UNIT })], yields: [{ label: "seen", holds: true }] });
    const ask = { request_id: "r-1", remainder: limited };
    const state = () => session.rpc.state(callerOf(session));
    const before = await state();
    expect(await session.answer({ ...ask, ...FAILS })).toMatchObject({ decision: "deny", reason: "internal" });
    expect(await state()).toEqual(before);
    const after = await session.answer(ask);
    expect(after).toMatchObject({ decision: "allow", limits: [{ remaining: "1" }] });
    expect(await session.answer({ remainder: limited, ...FAILS })).toMatchObject({ reason: "internal" });
    expect(await session.answer(ask)).toEqual(after);
    expect(await state()).toMatchObject({ calls: 1, labels: ["seen"], limits: [{ remaining: "1" }] });
    await evictAllDurableObjects();
    expect(await session.answer(ask)).toEqual(after);
    expect(await state()).toMatchObject({ calls: 1, labels: ["seen"], limits: [{ remaining: "1" }] });
    const seqs = (await recordsOf(session)).map(({ record }) => record.seq);
    expect(seqs).toEqual(seqs.map((_, at) => at + 1));
  });

  test("takes an index with it, which the next that needs it makes", async () => {
    const session = await openSession(lead);
    await session.answer();
    expect(await session.answer({ remainder: did("crm.read"), ...FAILS })).toMatchObject({ reason: "internal" });
    expect(await indexesOf(session.id)).toEqual([]);
    expect(await session.answer({ remainder: did("crm.read") })).toMatchObject({ decision: "allow" });
    expect(await indexesOf(session.id)).toEqual(["decisions_admitted"]);
  });
});

function report(of: OpenSession, decision: string) {
  const input: Omit<OutcomeInput, "sequence" | "agent"> = {
    decision,
    status: "ok",
    digest: null,
    labels: [],
    breakers: [],
  };
  return of.rpc.outcome({ ...callerOf(of), ...input });
}
