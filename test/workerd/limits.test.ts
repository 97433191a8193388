import { evictAllDurableObjects, runDurableObjectAlarm } from "cloudflare:test";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { AuthorizeOutput } from "../../edge/rpc.ts";
import { eachAlone } from "./each-alone.ts";
import { eventually } from "./eventually.ts";
import { cut, holdNext, mend } from "./gates.ts";
import { agentObject, allowing, bindings, limitRow, openSession, type OpenSession, UNIT, unique } from "./requests.ts";
import { sessionObject } from "./requests.ts";

eachAlone();

/** Tests share the objects' storage, so each takes agents of its own. */
let bot = "";

beforeEach(() => {
  bot = unique("bot");
});

const MINUTE = 60_000;
const perAgent = limitRow({ id: "l_agent", counter: "c_agent", per: "agent", window: 60 * MINUTE });
const ofAgent = allowing({ limits: [perAgent] });

function admitted(outputs: readonly AuthorizeOutput[]): number {
  return outputs.filter((output) => "answer" in output && output.answer.decision === "allow").length;
}

function many(session: OpenSession, count: number, remainder = ofAgent): Promise<AuthorizeOutput>[] {
  return Array.from({ length: count }, () => session.ask({ remainder }));
}

describe("under a hundred parallel calls", () => {
  test("a session's limit of ten admits exactly ten", async () => {
    const session = await openSession(bot);
    const outputs = await Promise.all(many(session, 100, allowing({ limits: [limitRow()] })));
    expect(admitted(outputs)).toBe(10);
  });

  test("an agent's limit of ten admits exactly ten through one session", async () => {
    const session = await openSession(bot);
    expect(admitted(await Promise.all(many(session, 100)))).toBe(10);
  });

  test("an agent's limit of ten admits exactly ten through three sessions", async () => {
    const sessions = await Promise.all([openSession(bot), openSession(bot), openSession(bot)]);
    const outputs = await Promise.all(sessions.flatMap((session) => many(session, 33)));
    expect(admitted(outputs)).toBe(10);
    const denied = outputs.filter((output) => "answer" in output && output.answer.reason === "limit_exceeded");
    expect(denied.length).toBeGreaterThan(0);
  });

  test("another agent's count is its own", async () => {
    const [one, other] = [await openSession(bot), await openSession(unique("cat"))];
    expect(admitted(await Promise.all(many(one, 15)))).toBe(10);
    expect(admitted(await Promise.all(many(other, 15)))).toBe(10);
  });
});

/** Sums to 500. */
function total(amount: bigint) {
  return allowing({ limits: [limitRow({ counter: "c_sum", amount, n: 500n * UNIT, window: 60 * MINUTE })] });
}

/** One for each value of the key. */
function keyed(key: string) {
  return allowing({ limits: [limitRow({ key, n: UNIT })] });
}

describe("what spends", () => {
  test("limits of one request are spent together or not at all", async () => {
    const session = await openSession(bot);
    const closed = limitRow({ id: "l_closed", counter: "c_closed", n: 0n });
    const both = allowing({ limits: [perAgent, closed] });
    expect(await session.answer({ remainder: both })).toMatchObject({ reason: "limit_exceeded" });
    expect(admitted(await Promise.all(many(session, 15)))).toBe(10);
  });

  test("sums are exact, and an amount that doesn't fit leaves room for one that does", async () => {
    const session = await openSession(bot);
    expect((await session.answer({ remainder: total(499_999_999n) })).decision).toBe("allow");
    expect((await session.answer({ remainder: total(2n) })).reason).toBe("limit_exceeded");
    expect((await session.answer({ remainder: total(1n) })).decision).toBe("allow");
    expect((await session.answer({ remainder: total(1n) })).reason).toBe("limit_exceeded");
  });

  test("values of a key are counted apart", async () => {
    const session = await openSession(bot);
    expect((await session.answer({ remainder: keyed('["EUR"]') })).decision).toBe("allow");
    expect((await session.answer({ remainder: keyed('["EUR"]') })).decision).toBe("deny");
    expect((await session.answer({ remainder: keyed('["USD"]') })).decision).toBe("allow");
  });

  test("two limits that differ in N alone share one count, which is added to once", async () => {
    const session = await openSession(bot);
    for (const per of ["session", "agent"] as const) {
      const twice = [5n, 4n].map((n) =>
        limitRow({ id: `l_${n}_${per}`, counter: `c_twice_${per}`, per, n: n * UNIT, window: 60 * MINUTE }),
      );
      const outputs = [];
      for (let index = 0; index < 6; index++)
        outputs.push(await session.ask({ remainder: allowing({ limits: twice }) }));
      expect(admitted(outputs)).toBe(4);
    }
  });

  test("what is left is told with each answer", async () => {
    const session = await openSession(bot);
    expect(admitted(await Promise.all(many(session, 10)))).toBe(10);
    expect((await session.answer({ remainder: ofAgent })).limits).toMatchObject([{ id: "l_agent", remaining: "0" }]);
  });
});

describe("windows", () => {
  test("at the seam of two windows it is still at most N, for a session and for an agent", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const start = Date.UTC(2026, 0, 5, 12, 0, 59, 500);
    vi.setSystemTime(start);
    for (const per of ["session", "agent"] as const) {
      vi.setSystemTime(start);
      const session = await openSession(unique(bot));
      const limits = [limitRow({ counter: `c_${per}`, per, n: 3n * UNIT, window: MINUTE })];
      const times: number[] = [];
      for (let at = start; at < start + 3 * MINUTE; at += 2_500) {
        vi.setSystemTime(at);
        const output = await session.ask({ remainder: allowing({ limits }) });
        if ("answer" in output && output.answer.decision === "allow") times.push(at);
      }
      expect(times.length).toBeGreaterThanOrEqual(6);
      for (const from of times)
        expect(times.filter((at) => at >= from && at < from + MINUTE).length).toBeLessThanOrEqual(3);
    }
  });

  test("a denied request is told when it fits again, and then it does", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.UTC(2026, 0, 5, 12, 0, 0));
    const session = await openSession(bot);
    const remainder = allowing({ limits: [limitRow({ n: UNIT, window: MINUTE })] });
    await session.answer({ remainder });
    const denied = await session.answer({ remainder });
    expect(denied.reason).toBe("limit_exceeded");
    expect(denied.retry_after).toBeGreaterThanOrEqual(60);
    vi.setSystemTime(Date.now() + (denied.retry_after ?? 0) * 1_000);
    expect((await session.answer({ remainder })).decision).toBe("allow");
  });
});

describe("reservations", () => {
  const one = allowing({ limits: [{ ...perAgent, n: UNIT }] });

  test("what is held counts as spent, and is given back when the request comes to nothing", async () => {
    const [first, second] = [await openSession(bot), await openSession(bot)];
    const held = holdNext("reserve.after");
    const waiting = first.ask({ remainder: one });
    await held.arrived();
    expect((await second.answer({ remainder: one })).reason).toBe("limit_exceeded");
    await first.rpc.close({ sequence: 1, agent: bot });
    held.open();
    expect(await waiting).toMatchObject({ answer: { reason: "session_expired" } });
    await eventually(async () => expect((await second.answer({ remainder: one })).decision).toBe("allow"));
  });

  test("a reservation of which nothing is heard any more is released when it is old enough", async () => {
    const session = await openSession(bot);
    const agent = agentObject(bot);
    // What a request leaves behind that died between the reservation and the decision.
    const reservation = unique("died");
    const items = [{ limit: { ...perAgent, n: UNIT }, beyond: false }];
    await agent.reserve({ sequence: 1, session: session.id, reservation, reserve: true, items, approval: null });
    expect((await session.answer({ remainder: one })).reason).toBe("limit_exceeded");
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 11_000);
    await runDurableObjectAlarm(bindings.AGENT.get(bindings.AGENT.idFromName(bot)));
    expect((await session.answer({ remainder: one })).decision).toBe("allow");
  });

  test("an admission whose confirmation was lost is confirmed by asking, never released", async () => {
    const [first, second] = [await openSession(bot), await openSession(bot)];
    cut("report.before");
    expect((await first.answer({ remainder: one })).decision).toBe("allow");
    await evictAllDurableObjects();
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 11_000);
    await runDurableObjectAlarm(bindings.AGENT.get(bindings.AGENT.idFromName(bot)));
    mend("report.before");
    expect((await second.answer({ remainder: one })).reason).toBe("limit_exceeded");
    await runDurableObjectAlarm(bindings.SESSION.get(bindings.SESSION.idFromName(first.id)));
    expect((await second.answer({ remainder: one })).reason).toBe("limit_exceeded");
  });

  test("one that is confirmed when its window is over counts for nobody, and stands in no other's way", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { id: session } = await openSession(bot);
    const agent = agentObject(bot);
    const reserveOf = (amount: bigint) => ({
      sequence: 1,
      session,
      reservation: unique("reservation"),
      reserve: true,
      items: [{ limit: { ...perAgent, amount, window: MINUTE }, beyond: false }],
      approval: null,
    });
    const [small, large, later] = [reserveOf(UNIT), reserveOf(5n * UNIT), reserveOf(UNIT)];
    const at = Date.now();
    for (const input of [small, large]) expect(await agent.reserve(input)).toMatchObject({ reserved: true });
    vi.setSystemTime(at + 2 * MINUTE);
    expect(await agent.reserve(later)).toMatchObject({ reserved: true, items: [{ used: 0n }] });
    const nothing = { session, confirm: [], release: [], asked: [], resolved: [], reopened: [], ended: null };
    await agent.report({ ...nothing, confirm: [{ reservation: small.reservation, at }] });
    await agent.report({ ...nothing, release: [large.reservation] });
    expect(await agent.reserve(reserveOf(UNIT))).toMatchObject({ items: [{ used: UNIT }] });
  });

  test("the same reservation twice holds once", async () => {
    const session = await openSession(bot);
    const input = {
      sequence: 1,
      session: session.id,
      reservation: unique("reservation"),
      reserve: true,
      items: [{ limit: { ...perAgent, n: 2n * UNIT }, beyond: false }],
      approval: null,
    };
    const agent = agentObject(bot);
    expect(await agent.reserve(input)).toMatchObject({ reserved: true, items: [{ used: 0n }] });
    expect(await agent.reserve(input)).toMatchObject({ reserved: true, items: [{ used: 0n }] });
    expect(await agent.reserve({ ...input, reservation: unique("reservation") })).toMatchObject({
      reserved: true,
      items: [{ used: UNIT }],
    });
  });

  test("an agent's object that can't be reached denies, and spends nothing", async () => {
    const session = await openSession(bot);
    cut("reserve.before");
    expect(await session.answer({ remainder: one })).toMatchObject({ decision: "deny", reason: "overloaded" });
    mend("reserve.before");
    expect((await session.answer({ remainder: one })).decision).toBe("allow");
  });
});

describe("after a restart", () => {
  test("counts are what they were", async () => {
    const session = await openSession(bot);
    const mine = allowing({ limits: [limitRow(), perAgent] });
    expect(admitted(await Promise.all(many(session, 7, mine)))).toBe(7);
    await evictAllDurableObjects();
    expect(admitted(await Promise.all(many(session, 12, mine)))).toBe(3);
    expect(await sessionObject(session.id).state({ sequence: 1, agent: bot })).toMatchObject({ calls: 10 });
  });
});
