import { evictAllDurableObjects } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import type { Breaker } from "../../engine/index.ts";
import type { UsedActions } from "../../edge/rpc.ts";
import { asking, breaker, HOUR, openFor, switchesOf, untilTold } from "./breaking.ts";
import { eachAlone } from "./each-alone.ts";
import { eventually } from "./eventually.ts";
import { kindsOf, recordsOf } from "./records-of.ts";
import { agentObject, allowing, openSession, type OpenSession, unique } from "./requests.ts";

/** Each test watches from a Monday of its own on. */
const WEEK = 7 * 24 * HOUR;
const DAY = 24 * HOUR;
let monday = Date.UTC(2031, 0, 6);
let bot = "";

eachAlone(() => {
  bot = unique("bot");
  monday += 60 * WEEK;
  goTo(monday);
});

function goTo(at: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: at });
}

const NOTHING = { confirm: [], release: [], asked: [], resolved: [], reopened: [], ended: null };

/** What a session of that time would have told. */
async function used(at: number, calls: number, action = "crm.read"): Promise<void> {
  const actions: UsedActions["actions"] = [{ action, hour: Math.floor(at / HOUR), calls, at }];
  const told = { seq: 1, agent: bot, actions };
  for (const _ of [1, 2]) await agentObject(bot).report({ session: `ses_${at}`, ...NOTHING, used: [told], settled: 1 });
}

const fivefold = [breaker("unusual", { kind: "usual", factor: "5", within: HOUR }, "agent", [], ["ops"])];

async function call(session: OpenSession, breakers: readonly Breaker[], count = 1, action = "crm.read") {
  for (let round = 0; round < count; round += 1) {
    const answer = await asking(session, breakers, { remainder: allowing({ action }) });
    expect(answer.decision).toBe("allow");
    // No more than twenty a second.
    goTo(Date.now() + 100);
  }
}

async function tripsOf(session: OpenSession): Promise<readonly string[]> {
  await untilTold(session);
  const trips = (await recordsOf(session)).map(({ record }) => record);
  return trips.flatMap((record) => (record.kind === "breaker.tripped" ? [record.what] : []));
}

async function usualOf() {
  const output = await agentObject(bot).sessions({ sequence: 1, limit: 10 });
  if ("refused" in output) throw new Error("no sessions");
  return output.usual;
}

describe("N times as many calls as usual", () => {
  test("trip once it was seen for weeks what is usual, counting each message once", async () => {
    await openSession(bot);
    for (const week of [0, 1, 2]) await used(monday + week * WEEK + 9 * HOUR, 8);
    goTo(monday + 3 * WEEK + 9.9 * HOUR);
    const session = await openSession(bot);
    await call(session, fivefold, 35);
    expect(await tripsOf(session)).toEqual([]);
    await call(session, fivefold, 10);
    expect(await tripsOf(session)).toEqual(["40 calls of `crm.read` within 1h where 8 are usual per agent"]);
  });

  test("never trip before two weeks, however many there are", async () => {
    const session = await openSession(bot);
    goTo(monday + HOUR / 6);
    await call(session, fivefold, 60);
    expect(await tripsOf(session)).toEqual([]);
    expect(await usualOf()).toMatchObject({ since: monday, learned: false });
  });

  test("need a handful at least where next to nothing is usual, each action by itself", async () => {
    await openSession(bot);
    goTo(monday + 3 * WEEK + 9 * HOUR);
    const session = await openSession(bot);
    await call(session, fivefold, 20, "crm.read");
    await call(session, fivefold, 20, "crm.write");
    expect(await tripsOf(session)).toEqual([]);
    await call(session, fivefold, 5, "crm.write");
    expect(await tripsOf(session)).toEqual(["25 calls of `crm.write` within 1h where 0 are usual per agent"]);
  });

  test("a kill for it is a switch like any other", async () => {
    await openSession(bot);
    goTo(monday + 3 * WEEK + 9 * HOUR);
    const session = await openSession(bot);
    await call(session, [breaker("unusual", { kind: "usual", factor: "1.2", within: HOUR }, "agent")], 6);
    await eventually(async () => expect(await session.answer()).toMatchObject({ reason: "killed" }));
    expect(await switchesOf(bot)).toMatchObject([{ by: "edge#breaker unusual" }]);
  });

  test("what a session admitted is told to its agent after a while and at its end, and people see it", async () => {
    const session = await openSession(bot);
    await call(session, [], 3);
    await session.rpc.close({ sequence: 1, agent: bot });
    await eventually(async () =>
      expect(await usualOf()).toMatchObject({ actions: [{ action: "crm.read", this_hour: 3, usual: null }] }),
    );
    await evictAllDurableObjects();
    expect(await usualOf()).toMatchObject({ actions: [{ action: "crm.read", this_hour: 3 }] });
    goTo(monday + 2 * WEEK + 5 * HOUR);
    expect(await usualOf()).toMatchObject({ learned: true, actions: [{ this_hour: 0, usual: 0 }] });
  });

  test("after a month without a call it is learned anew", async () => {
    await openSession(bot);
    for (const week of [0, 1, 2]) await used(monday + week * WEEK + 9 * HOUR, 8);
    goTo(monday + 3 * WEEK + 9 * HOUR);
    expect(await usualOf()).toMatchObject({ learned: true, actions: [{ usual: 8 }] });
    await used(monday + 8 * WEEK, 1);
    goTo(monday + 8 * WEEK + 9 * HOUR);
    expect(await usualOf()).toMatchObject({ learned: false, actions: [{ usual: null }] });
  });

  test("per fleet and requester what is usual is learned while the policy asks for it", async () => {
    const ana = `${unique("ana")}@acme.example`;
    const personal = [breaker("unusual", { kind: "usual", factor: "1", within: HOUR }, "requester", [], ["ops"])];
    const first = await openFor(bot, ana);
    await call(first, personal, 1);
    expect(await tripsOf(first)).toEqual([]);
    goTo(monday + 2 * WEEK + 5 * HOUR);
    const second = await openFor(bot, ana);
    await call(second, personal, 6);
    expect(await tripsOf(second)).toHaveLength(1);
    const nobody = await openSession(bot);
    await call(nobody, personal, 10);
    expect(await tripsOf(nobody)).toEqual([]);
  });
});

describe("a first use after so long", () => {
  const novel = [breaker("novel", { kind: "first_use", after: 90 * DAY }, "agent", [], ["ops"])];

  test("is no news while the agent hasn't been watched for so long", async () => {
    const session = await openSession(bot);
    await call(session, novel);
    expect(await tripsOf(session)).toEqual([]);
  });

  test("trips for an action that was never used, or not for so long, and once only", async () => {
    await openSession(bot);
    await used(monday + DAY, 1, "crm.old");
    await used(monday + 30 * DAY, 1, "crm.read");
    goTo(monday + 92 * DAY);
    const session = await openSession(bot);
    await call(session, novel, 2, "crm.read");
    await call(session, novel, 2, "crm.new");
    await call(session, novel, 2, "crm.old");
    expect(await tripsOf(session)).toEqual([
      "first use of `crm.new` after 90d per agent",
      "first use of `crm.old` after 90d per agent",
    ]);
    expect(kindsOf(await recordsOf(session))).not.toContain("session.frozen");
  });
});
