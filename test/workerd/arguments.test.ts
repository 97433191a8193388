import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { eachAlone } from "./each-alone.ts";
import { recordsOf } from "./records-of.ts";
import { bindings, openSession, type OpenSession, operator, unique } from "./requests.ts";

let bot = "";

eachAlone(() => {
  bot = unique("bot");
});

const stubOf = (id: string) => bindings.SESSION.get(bindings.SESSION.idFromName(id));
const argsOf = async (session: OpenSession) => (await recordsOf(session)).map(({ args }) => args);
const stored = (session: OpenSession) =>
  runInDurableObject(stubOf(session.id), (_, { storage }) =>
    storage.sql
      .exec<{ count: number; size: number }>(
        "SELECT count(*) AS count, coalesce(sum(length(text)), 0) AS size FROM args",
      )
      .one(),
  );

describe("arguments stand beside their records", () => {
  test("once where they are the same, however long", async () => {
    const session = await openSession(bot);
    const text = "x".repeat(5_000);
    for (let asked = 0; asked < 3; asked += 1) await session.answer({ args: { text } });
    const { count, size } = await stored(session);
    expect([count, size]).toEqual([1, JSON.stringify({ text }).length]);
    expect((await argsOf(session)).slice(1)).toEqual(Array.from({ length: 3 }, () => JSON.stringify({ text })));
  });

  test("and are erased with all that are the same, which the record of it says", async () => {
    const session = await openSession(bot);
    await session.answer({ args: { id: "kim" } });
    await session.answer({ args: { id: "other" } });
    await session.answer({ args: { id: "kim" } });
    const erase = (seq: number) => session.rpc.eraseArguments({ sequence: 1, seq, by: operator, reason: "request 7" });
    expect(await erase(2)).toEqual({ erased: true });
    expect(await erase(4)).toEqual({ erased: false });
    expect(await erase(1)).toEqual({ erased: false });
    expect(await argsOf(session)).toEqual([null, null, '{"id":"other"}', null, null]);
    const last = (await recordsOf(session)).at(-1)?.record;
    expect(last).toMatchObject({
      kind: "arguments.erased",
      of: 2,
      also: [4],
      by: "olga@acme.example",
      reason: "request 7",
    });
  });

  test("and don't come back beside the records that lost them when the very same is asked again", async () => {
    const session = await openSession(bot);
    await session.answer({ args: { id: "kim" } });
    await session.rpc.eraseArguments({ sequence: 1, seq: 2, by: operator, reason: "request 8" });
    await session.answer({ args: { id: "kim" } });
    expect(await argsOf(session)).toEqual([null, null, null, '{"id":"kim"}']);
    expect(await session.rpc.eraseArguments({ sequence: 1, seq: 2, by: operator, reason: "x" })).toEqual({
      erased: false,
    });
    expect(await session.rpc.eraseArguments({ sequence: 1, seq: 4, by: operator, reason: "x" })).toEqual({
      erased: true,
    });
    const { record } = (await recordsOf(session)).at(-1) ?? {};
    expect(record).toMatchObject({ kind: "arguments.erased", of: 4, also: [] });
  });

  test("until `retain` is over after the end, and what is asked of an ended session goes too", async () => {
    const session = await openSession(bot, { retain: 60_000 });
    await session.answer();
    await session.rpc.close({ sequence: 1, agent: bot });
    const pass = async (ms: number) => {
      vi.useFakeTimers({ now: Date.now() + ms, toFake: ["Date"] });
      await runDurableObjectAlarm(stubOf(session.id));
    };
    await pass(59_000);
    expect((await stored(session)).count).toBe(1);
    await pass(2_000);
    expect((await stored(session)).count).toBe(0);
    expect(await session.answer({ args: { id: "late" } })).toMatchObject({ reason: "session_expired" });
    expect((await stored(session)).count).toBe(1);
    await pass(1_000);
    expect((await stored(session)).count).toBe(0);
    const kinds = (await recordsOf(session)).map(({ record }) => record.kind);
    expect(kinds.filter((kind) => kind === "arguments.expired")).toHaveLength(2);
  });
});
