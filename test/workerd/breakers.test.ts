import { evictAllDurableObjects } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import type { Breaker } from "../../engine/index.ts";
import {
  act,
  asking,
  beCanary,
  beDenied,
  breaker,
  denied,
  failing,
  HOUR,
  lift,
  MINUTE,
  openFor,
  report,
  switchesOf,
  untilTold,
} from "./breaking.ts";
import { eachAlone } from "./each-alone.ts";
import { eventually } from "./eventually.ts";
import { kindsOf, recordsOf } from "./records-of.ts";
import { openSession, type OpenSession, remainder, unique } from "./requests.ts";
import { asking as questions } from "./requests.ts";

let bot = "";

eachAlone(() => {
  bot = unique("bot");
});

async function times(count: number, run: () => Promise<unknown>): Promise<void> {
  for (let round = 0; round < count; round += 1) await run();
}

/** What others count takes a moment to arrive. */
async function untilStopped(session: OpenSession, reason: string): Promise<void> {
  await eventually(async () => expect(await session.answer()).toMatchObject({ decision: "deny", reason }));
}

describe("per session", () => {
  const runaway = [breaker("runaway", denied(3), "session", ["session"], ["ops"])];

  test("the session is frozen in the moment that the last denial is answered, and people are told", async () => {
    const session = await openSession(bot);
    await times(3, () => beDenied(session, runaway));
    expect(await session.answer()).toMatchObject({ decision: "deny", reason: "frozen" });
    const records = await recordsOf(session);
    expect(kindsOf(records).slice(0, 6)).toEqual([
      "session.opened",
      "decision",
      "decision",
      "decision",
      "breaker.tripped",
      "session.frozen",
    ]);
    expect(records[4]?.record).toMatchObject({
      breaker: "runaway",
      per: "session",
      what: "3 denied within 1m per session",
      kill: [{ scope: "session", name: session.id }],
      notify: ["ops"],
    });
    await eventually(async () =>
      expect(await switchesOf(session.id)).toMatchObject([{ scope: "session", by: "edge#breaker runaway" }]),
    );
    expect((await switchesOf(session.id))[0]?.reason).toContain("breaker `runaway` tripped: 3 denied within 1m");
  });

  test("questions that wait are called off", async () => {
    const session = await openSession(bot);
    const asked = await session.answer({ remainder: questions() });
    await times(3, () => beDenied(session, runaway));
    const id = asked.approval?.id ?? "";
    expect(await session.rpc.viewApproval({ sequence: 1, approval: id })).toMatchObject({ status: "cancelled" });
  });

  test("one fewer, or the same too far apart, changes nothing", async () => {
    const session = await openSession(bot);
    await times(2, () => beDenied(session, runaway));
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 62 * 1_000 });
    await times(2, () => beDenied(session, runaway));
    expect(await session.answer()).toMatchObject({ decision: "allow" });
  });

  test("another session counts by itself", async () => {
    const [one, other] = [await openSession(bot), await openSession(bot)];
    await times(2, () => beDenied(one, runaway));
    await times(2, () => beDenied(other, runaway));
    expect([await one.answer(), await other.answer()]).toMatchObject([{ decision: "allow" }, { decision: "allow" }]);
  });

  test("once lifted, it counts anew", async () => {
    const session = await openSession(bot);
    await times(3, () => beDenied(session, runaway));
    await eventually(async () => expect(await switchesOf(session.id)).toHaveLength(1));
    await lift("session", session.id);
    await times(2, () => beDenied(session, runaway));
    expect(await session.answer()).toMatchObject({ decision: "allow" });
    await beDenied(session, runaway);
    expect(await session.answer()).toMatchObject({ reason: "frozen" });
    await eventually(async () => expect(await switchesOf(session.id, true)).toHaveLength(2));
  });

  test("a frozen session that goes on asking trips nothing more", async () => {
    const session = await openSession(bot);
    await times(10, () => beDenied(session, runaway));
    const trips = kindsOf(await recordsOf(session)).filter((kind) => kind === "breaker.tripped");
    expect(trips).toHaveLength(1);
  });

  test("the same request again isn't another denial", async () => {
    const session = await openSession(bot);
    await times(5, () => beDenied(session, runaway, { request_id: "r-1" }));
    expect(await session.answer()).toMatchObject({ decision: "allow" });
  });

  test("a restart between two denials forgets nothing, and the freeze outlives one too", async () => {
    const session = await openSession(bot);
    await times(2, () => beDenied(session, runaway));
    await evictAllDurableObjects();
    await beDenied(session, runaway);
    await evictAllDurableObjects();
    expect(await session.answer()).toMatchObject({ reason: "frozen" });
    await eventually(async () => expect(await switchesOf(session.id)).toHaveLength(1));
  });

  test("a threshold that changed goes by what was counted, and another window begins anew", async () => {
    const session = await openSession(bot);
    await times(2, () => beDenied(session, runaway));
    await beDenied(session, [breaker("runaway", denied(3, HOUR), "session")]);
    expect(await session.answer()).toMatchObject({ decision: "allow" });
    await beDenied(session, [breaker("runaway", denied(2), "session")]);
    expect(await session.answer()).toMatchObject({ reason: "frozen" });
  });

  test("without a person, a breaker per requester counts and stops the session alone", async () => {
    const session = await openSession(bot);
    const other = await openSession(bot);
    const personal = [breaker("personal", denied(2), "requester")];
    await times(2, () => beDenied(session, personal));
    expect(await session.answer()).toMatchObject({ reason: "frozen" });
    expect(await other.answer()).toMatchObject({ decision: "allow" });
  });
});

describe("per agent", () => {
  const wild = [breaker("wild", denied(4), "agent", ["agent"], ["ops"])];

  test("denials of all its sessions count together, and all of them stop", async () => {
    const [one, other] = [await openSession(bot), await openSession(bot)];
    await times(2, () => beDenied(one, wild));
    await times(2, () => beDenied(other, wild));
    await untilStopped(one, "killed");
    await untilStopped(other, "killed");
    expect(await switchesOf(bot)).toMatchObject([{ scope: "agent", by: "edge#breaker wild", lifted: null }]);
    const record = (await recordsOf(other)).find(({ record: { kind } }) => kind === "breaker.tripped");
    expect(record?.record).toMatchObject({ what: "4 denied within 1m per agent", notify: ["ops"] });
    expect(kindsOf(await recordsOf(one))).not.toContain("breaker.tripped");
  });

  test("another session doesn't shake it off", async () => {
    const first = await openSession(bot);
    await times(3, () => beDenied(first, wild));
    await first.rpc.close({ sequence: 1, agent: bot });
    const second = await openSession(bot);
    await beDenied(second, wild);
    await untilStopped(second, "killed");
    await expect(openSession(bot)).rejects.toThrow(/killed/);
  });

  test("once lifted, it counts anew", async () => {
    const session = await openSession(bot);
    await times(4, () => beDenied(session, wild));
    await untilStopped(session, "killed");
    await times(3, () => beDenied(session, wild));
    await lift("agent", bot);
    await eventually(async () => expect(await session.answer()).toMatchObject({ decision: "allow" }));
    await times(3, () => beDenied(session, wild));
    await untilTold(session);
    expect(await session.answer()).toMatchObject({ decision: "allow" });
    expect(await switchesOf(bot)).toEqual([]);
    await beDenied(session, wild);
    await untilStopped(session, "killed");
    expect(await switchesOf(bot, true)).toHaveLength(2);
  });

  test("it may kill only the session that came last", async () => {
    const narrow = [breaker("narrow", denied(2), "agent", ["session"])];
    const [one, other] = [await openSession(bot), await openSession(bot)];
    await beDenied(one, narrow);
    await beDenied(other, narrow);
    await untilStopped(other, "frozen");
    expect(await one.answer()).toMatchObject({ decision: "allow" });
  });

  test("it may only tell, each time anew", async () => {
    const teller = [breaker("teller", denied(2), "agent", [], ["ops"])];
    const session = await openSession(bot);
    await times(5, () => beDenied(session, teller));
    await eventually(async () => {
      const trips = kindsOf(await recordsOf(session)).filter((kind) => kind === "breaker.tripped");
      expect(trips).toHaveLength(2);
    });
    expect(await session.answer()).toMatchObject({ decision: "allow" });
  });

  test("another agent counts by itself", async () => {
    const [one, other] = [await openSession(bot), await openSession(unique("other"))];
    await times(2, () => beDenied(one, wild));
    await times(2, () => beDenied(other, wild));
    await Promise.all([untilTold(one), untilTold(other)]);
    expect([await one.answer(), await other.answer()]).toMatchObject([{ decision: "allow" }, { decision: "allow" }]);
  });
});

describe("per requester and fleet", () => {
  test("what is done for one person through several agents counts together and stops all that works for them", async () => {
    const ana = `${unique("ana")}@acme.example`;
    const personal = [breaker("personal", denied(3), "requester")];
    const [one, other] = [await openFor(bot, ana), await openFor(unique("other"), ana)];
    const bo = await openFor(bot, `${unique("bo")}@acme.example`);
    await times(2, () => beDenied(one, personal));
    await beDenied(bo, personal);
    await beDenied(other, personal);
    await untilStopped(one, "killed");
    await untilStopped(other, "killed");
    expect(await switchesOf(ana)).toMatchObject([{ scope: "requester", by: "edge#breaker personal" }]);
    expect(await bo.answer()).toMatchObject({ decision: "allow" });
  });

  test("the whole fleet stops for what all agents did, until it is lifted", async () => {
    const name = unique("everybody");
    const all = [breaker(name, denied(3), "fleet")];
    const sessions = await Promise.all([bot, unique("other"), unique("third")].map((agent) => openSession(agent)));
    for (const session of sessions) await beDenied(session, all);
    try {
      for (const session of sessions) await untilStopped(session, "killed");
      expect(await switchesOf("*")).toMatchObject([{ scope: "fleet", by: `edge#breaker ${name}` }]);
    } finally {
      await lift("fleet", "*");
    }
    for (const session of sessions)
      await eventually(async () => expect(await session.answer()).toMatchObject({ decision: "allow" }));
  });
});

describe("each kind", () => {
  async function statusAfter(breakers: readonly Breaker[], run: (session: OpenSession) => Promise<unknown>) {
    const session = await openSession(bot);
    await run(session);
    return (await session.answer()).reason;
  }

  test("a failure counts when it is reported, and what went well doesn't", async () => {
    const three = [breaker("failing", failing(3), "session")];
    expect(await statusAfter(three, (one) => times(5, () => act(one, three)))).toBe("rule");
    const run = async (one: OpenSession): Promise<void> => {
      await times(2, () => act(one, three, "error"));
      await act(one, three, "ok");
      await act(one, three, "error");
    };
    expect(await statusAfter(three, run)).toBe("frozen");
  });

  test("an outcome that is told twice counts once", async () => {
    const two = [breaker("failing", failing(2), "session")];
    const run = async (one: OpenSession): Promise<void> => {
      const { decision_id } = await asking(one, two);
      await times(4, () => report(one, two, decision_id, "error"));
    };
    expect(await statusAfter(two, run)).toBe("rule");
  });

  test("a share of failures counts among enough outcomes only", async () => {
    const share = [breaker("share", { kind: "ratio", percent: "40", within: 10 * MINUTE, of: 5 }, "session")];
    const mixed = (bad: number, good: number) => async (one: OpenSession) => {
      await times(good, () => act(one, share));
      await times(bad, () => act(one, share, "error"));
    };
    expect(await statusAfter(share, mixed(4, 0))).toBe("rule");
    expect(await statusAfter(share, mixed(1, 4))).toBe("rule");
    expect(await statusAfter(share, mixed(2, 3))).toBe("frozen");
  });

  test("a share per agent counts over its sessions", async () => {
    const share = [breaker("share", { kind: "ratio", percent: "50", within: 10 * MINUTE, of: 4 }, "agent")];
    const [one, other] = [await openSession(bot), await openSession(bot)];
    await times(2, () => act(one, share, "error"));
    await times(2, () => act(other, share));
    await untilStopped(one, "killed");
  });

  test("one canary is enough, and is a denial as well", async () => {
    const canary = [breaker("leak", { kind: "canary" }, "session")];
    expect(await statusAfter(canary, (one) => beCanary(one, canary))).toBe("frozen");
    expect(await statusAfter(canary, (one) => beDenied(one, canary))).toBe("rule");
    const count = [breaker("runaway", denied(2), "session")];
    const both = async (one: OpenSession): Promise<void> => {
      await beCanary(one, count);
      await beDenied(one, count);
    };
    expect(await statusAfter(count, both)).toBe("frozen");
  });

  test("a canary per agent stops each of its sessions", async () => {
    const leak = [breaker("leak", { kind: "canary" }, "agent", ["agent", "session"], ["ops"])];
    const [one, other] = [await openSession(bot), await openSession(bot)];
    await beCanary(one, leak);
    await untilStopped(other, "killed");
    expect(await switchesOf(one.id)).toHaveLength(1);
    expect(await switchesOf(bot)).toHaveLength(1);
  });

  test("a question, a switch's denial and an expired session are no denials", async () => {
    const two = [breaker("runaway", denied(2), "session")];
    const session = await openSession(bot);
    await times(2, () => asking(session, two, { remainder: questions() }));
    await session.rpc.close({ sequence: 1, agent: bot });
    await times(3, () => asking(session, two, { remainder: remainder([]) }));
    expect(kindsOf(await recordsOf(session))).not.toContain("breaker.tripped");
  });
});
