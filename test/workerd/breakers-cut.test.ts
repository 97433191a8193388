/** Breakers while objects can't reach each other, answers get lost and everything restarts. */
import { evictAllDurableObjects, runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import {
  beDenied,
  breaker,
  denied,
  HOUR,
  lift,
  openFor,
  switchesOf,
  untilHeard,
  untilTold,
  untilTried,
} from "./breaking.ts";
import { eachAlone } from "./each-alone.ts";
import { eventually } from "./eventually.ts";
import { cut, mend } from "./gates.ts";
import { kindsOf, recordsOf } from "./records-of.ts";
import { bindings, openSession, type OpenSession, unique } from "./requests.ts";

let bot = "";

eachAlone(() => {
  bot = unique("bot");
});

const runaway = [breaker("runaway", denied(3, HOUR), "session")];
const wild = [breaker("wild", denied(3, HOUR), "agent", ["agent"], ["ops"])];

async function times(count: number, run: () => Promise<unknown>): Promise<void> {
  for (let round = 0; round < count; round += 1) await run();
}

/** What hangs in outboxes is due again. */
async function later(...objects: readonly DurableObjectStub[]): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
  for (const object of objects) await runDurableObjectAlarm(object);
}

const sessionStub = ({ id }: OpenSession) => bindings.SESSION.get(bindings.SESSION.idFromName(id));
const agentStub = () => bindings.AGENT.get(bindings.AGENT.idFromName(bot));
const budgetStub = (name: string) => bindings.BUDGET.get(bindings.BUDGET.idFromName(name));

async function tripsOf(session: OpenSession): Promise<number> {
  return kindsOf(await recordsOf(session)).filter((kind) => kind === "breaker.tripped").length;
}

describe("the agent's object", () => {
  test("counts what it couldn't be told, once it can", async () => {
    const session = await openSession(bot);
    cut("report.before");
    await times(3, () => beDenied(session, wild));
    await untilTried(session);
    expect(await switchesOf(bot)).toEqual([]);
    await evictAllDurableObjects();
    mend("report.before");
    await later(sessionStub(session));
    await eventually(async () => expect(await switchesOf(bot)).toHaveLength(1));
    expect(await tripsOf(session)).toBe(1);
  });

  test("counts once what it was told again, since its answer got lost, and the trip is recorded once", async () => {
    const session = await openSession(bot);
    cut("report.after");
    await times(2, () => beDenied(session, wild));
    await untilTried(session);
    await later(sessionStub(session));
    await later(sessionStub(session));
    mend("report.after");
    await later(sessionStub(session));
    await untilTold(session);
    expect(await switchesOf(bot)).toEqual([]);
    cut("report.after");
    await beDenied(session, wild);
    await eventually(async () => expect(await switchesOf(bot)).toHaveLength(1));
    expect(await tripsOf(session)).toBe(0);
    await evictAllDurableObjects();
    mend("report.after");
    await later(sessionStub(session));
    await eventually(async () => expect(await tripsOf(session)).toBe(1));
    await later(sessionStub(session));
    expect(await tripsOf(session)).toBe(1);
    expect(await switchesOf(bot, true)).toHaveLength(1);
  });

  test("flips its switch when the Switchboard can be reached again, over a restart", async () => {
    const session = await openSession(bot);
    cut("flip.before");
    await times(3, () => beDenied(session, wild));
    await eventually(async () => expect(await tripsOf(session)).toBe(1));
    expect(await switchesOf(bot)).toEqual([]);
    await evictAllDurableObjects();
    mend("flip.before");
    await later(agentStub());
    expect(await switchesOf(bot)).toMatchObject([{ by: "edge#breaker wild" }]);
    expect(await session.answer()).toMatchObject({ decision: "deny" });
  });

  test("flips it once, though the Switchboard's answer gets lost, even if it was lifted meanwhile", async () => {
    const session = await openSession(bot);
    cut("flip.after");
    await times(3, () => beDenied(session, wild));
    await eventually(async () => expect(await switchesOf(bot)).toHaveLength(1));
    await later(agentStub());
    expect(await switchesOf(bot)).toHaveLength(1);
    await lift("agent", bot);
    await evictAllDurableObjects();
    mend("flip.after");
    await later(agentStub());
    expect(await switchesOf(bot)).toEqual([]);
    expect(await switchesOf(bot, true)).toHaveLength(1);
  });

  test("trips nothing more for what was asked while the kill was on its way", async () => {
    const [one, other] = [await openSession(bot), await openSession(bot)];
    cut("flip.before");
    await times(3, () => beDenied(one, wild));
    await times(5, () => beDenied(other, wild));
    await Promise.all([untilHeard(one), untilHeard(other)]);
    mend("flip.before");
    await later(agentStub());
    await Promise.all([untilTold(one), untilTold(other)]);
    await lift("agent", bot);
    expect(await switchesOf(bot, true)).toHaveLength(1);
    expect((await tripsOf(one)) + (await tripsOf(other))).toBe(1);
  });
});

describe("a session's own breaker", () => {
  test("holds it though the Switchboard can't be reached, and over a restart, until the switch is lifted", async () => {
    const session = await openSession(bot);
    cut("flip.before");
    await times(3, () => beDenied(session, runaway));
    await evictAllDurableObjects();
    expect(await session.answer()).toMatchObject({ reason: "frozen" });
    mend("flip.before");
    await later(sessionStub(session));
    expect(await switchesOf(session.id)).toMatchObject([{ by: "edge#breaker runaway" }]);
    vi.useRealTimers();
    await lift("session", session.id);
    expect((await session.answer()).reason).not.toBe("frozen");
  });

  test("isn't stuck where its switch was lifted before it heard of it", async () => {
    const session = await openSession(bot);
    cut("session.learn");
    cut("flip.after");
    await times(3, () => beDenied(session, runaway));
    await eventually(async () => expect(await switchesOf(session.id)).toHaveLength(1));
    await lift("session", session.id);
    mend("flip.after");
    await later(sessionStub(session));
    mend("session.learn");
    await later(bindings.SWITCHBOARD.get(bindings.SWITCHBOARD.idFromName("switchboard")));
    vi.useRealTimers();
    expect((await session.answer()).reason).not.toBe("frozen");
    expect(await switchesOf(session.id, true)).toHaveLength(1);
  });
});

test("what is counted for a person is counted once the object can be reached, and its switch flipped once", async () => {
  const ana = `${unique("ana")}@acme.example`;
  const session = await openFor(bot, ana);
  const personal = [breaker("personal", denied(3, HOUR), "requester")];
  cut("budget.report");
  await times(3, () => beDenied(session, personal));
  await untilTried(session);
  expect(await switchesOf(ana)).toEqual([]);
  cut("flip.after");
  mend("budget.report");
  await later(sessionStub(session));
  await eventually(async () => expect(await switchesOf(ana)).toHaveLength(1));
  await evictAllDurableObjects();
  mend("flip.after");
  await later(budgetStub(`requester ${ana}`));
  expect(await switchesOf(ana, true)).toMatchObject([{ by: "edge#breaker personal" }]);
});
