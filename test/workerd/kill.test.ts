import { evictAllDurableObjects, runDurableObjectAlarm } from "cloudflare:test";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { SWITCHES_KEY, type FlipInput, type SwitchDocument } from "../../edge/rpc.ts";
import { eachAlone } from "./each-alone.ts";
import { eventually } from "./eventually.ts";
import { cut, mend } from "./gates.ts";
import { kindsOf, recordsOf } from "./records-of.ts";
import {
  agentObject,
  asking,
  bindings,
  openInput,
  openSession,
  operator,
  sessionObject,
  switchboard,
  unique,
} from "./requests.ts";

let bot = "";

eachAlone(() => {
  bot = unique("bot");
});

const LEASE = 10_000;

function flip(scope: FlipInput["scope"], name: string, reason = "odd"): FlipInput {
  return { sequence: 1, scope, name, reason, by: operator };
}

const lift = (input: FlipInput, id: string | null = null) =>
  switchboard().lift({ ...input, reason: "looked into it", id });

const agentStub = () => bindings.AGENT.get(bindings.AGENT.idFromName(bot));

describe("killing an agent", () => {
  test("reaches its sessions before it is acknowledged, and no other agent's", async () => {
    const sessions = await Promise.all([openSession(bot), openSession(bot), openSession(bot)]);
    const other = await openSession(unique("cat"));
    expect(await switchboard().flip(flip("agent", bot, "runs wild"))).toMatchObject({
      sessions_reached: 3,
      sessions_pending: 0,
      switch: { scope: "agent", name: bot, reason: "runs wild", by: "olga@acme.example", lifted: null },
    });
    for (const session of sessions)
      expect(await session.answer()).toMatchObject({
        decision: "deny",
        reason: "killed",
        message: expect.stringContaining("runs wild"),
      });
    expect((await other.answer()).decision).toBe("allow");
  });

  test("opens no session past it, refreshes none, and restarts change nothing", async () => {
    const session = await openSession(bot);
    await switchboard().flip(flip("agent", bot));
    await evictAllDurableObjects();
    const input = openInput(bot);
    expect(await sessionObject(input.session).open(input)).toMatchObject({ opened: false, reason: "killed" });
    const credential = { key: unique("credential"), expires: Date.now() + 60_000 };
    const refreshed = await session.rpc.refresh({ sequence: 1, agent: bot, credential, lease: LEASE });
    expect(refreshed).toMatchObject({ live: false, reason: "killed" });
    await evictAllDurableObjects();
    expect(await session.answer()).toMatchObject({ reason: "killed" });
  });

  test("what was pending is cancelled, and lifting lets the session go on with its state", async () => {
    const session = await openSession(bot);
    await session.answer();
    const asked = await session.answer({ remainder: asking() });
    await switchboard().flip(flip("agent", bot));
    expect(await session.rpc.state({ sequence: 1, agent: bot })).toMatchObject({ status: "frozen", calls: 1 });
    await lift(flip("agent", bot));
    expect((await session.answer()).decision).toBe("allow");
    const used = await session.answer({ remainder: asking(), approval: asked.approval?.id ?? "" });
    expect(used).toMatchObject({ decision: "deny", reason: "approval_expired" });
    const kinds = kindsOf(await recordsOf(session));
    for (const kind of ["session.frozen", "approval.cancelled", "session.thawed"]) expect(kinds).toContain(kind);
  });

  test("several switches for one name count each until lifted", async () => {
    const session = await openSession(bot);
    const first = await switchboard().flip(flip("agent", bot, "first"));
    await switchboard().flip(flip("agent", bot, "second"));
    if (!("switch" in first)) throw new Error("not flipped");
    await lift(flip("agent", bot), first.switch.id);
    expect(await session.answer()).toMatchObject({ reason: "killed", message: expect.stringContaining("second") });
    await lift(flip("agent", bot));
    expect((await session.answer()).decision).toBe("allow");
    expect(await lift(flip("agent", bot))).toEqual({ refused: "not_found" });
  });

  test("the history keeps who, why and when, of the flip and of the lift", async () => {
    await openSession(bot);
    await switchboard().flip(flip("agent", bot, "odd"));
    await lift(flip("agent", bot));
    const all = await switchboard().switches({ sequence: 1, history: true });
    if (!("switches" in all)) throw new Error("no list");
    expect(all.switches.find((each) => each.name === bot)).toMatchObject({
      reason: "odd",
      by: "olga@acme.example",
      lifted: { by: "olga@acme.example", reason: "looked into it" },
    });
    const flipped = await switchboard().switches({ sequence: 1, history: false });
    expect(JSON.stringify(flipped)).not.toContain(`"${bot}"`);
  });

  test("neither flips nor lifts without a reason", async () => {
    expect(await switchboard().flip(flip("agent", bot, " "))).toMatchObject({ refused: "forbidden" });
    expect(await switchboard().lift({ ...flip("agent", bot, ""), id: null })).toMatchObject({ refused: "forbidden" });
  });
});

async function killed(): Promise<readonly string[]> {
  const document = await bindings.SWITCHES.get<SwitchDocument>(SWITCHES_KEY, "json");
  return document?.killed.map((each) => each.scope) ?? [];
}

describe("killing the fleet and a session", () => {
  test("the fleet's switch stops every agent, and KV's document says so", async () => {
    const sessions = [await openSession(bot), await openSession(unique("cat"))];
    await switchboard().flip(flip("fleet", "*"));
    for (const session of sessions) expect(await session.answer()).toMatchObject({ reason: "killed" });
    await eventually(async () => expect(await killed()).toContain("fleet"));
    await lift(flip("fleet", "*"));
    for (const session of sessions) expect((await session.answer()).decision).toBe("allow");
    await eventually(async () => expect(await killed()).not.toContain("fleet"));
  });

  test("a session's switch stops that session alone", async () => {
    const [session, other] = [await openSession(bot), await openSession(bot)];
    const output = await switchboard().flip(flip("session", session.id));
    expect(output).toMatchObject({ sessions_reached: 1, sessions_pending: 0 });
    expect(await session.answer()).toMatchObject({ decision: "deny", reason: "frozen" });
    expect((await other.answer()).decision).toBe("allow");
    await lift(flip("session", session.id));
    expect((await session.answer()).decision).toBe("allow");
  });

  test("a name that is no session's is not found, and a killed one never opens", async () => {
    expect(await switchboard().flip(flip("session", "ses_nonsense"))).toEqual({ refused: "not_found" });
    const input = openInput(bot);
    expect(await switchboard().flip(flip("session", input.session))).toMatchObject({ sessions_reached: 0 });
    expect(await sessionObject(input.session).open(input)).toMatchObject({ opened: false, reason: "frozen" });
  });
});

describe("what is cut off", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"] });
  });

  test("a session that the push can't reach is counted as pending and refuses when its lease is over", async () => {
    const session = await openSession(bot);
    expect((await session.answer()).decision).toBe("allow");
    cut("session.learn");
    expect(await switchboard().flip(flip("agent", bot))).toMatchObject({ sessions_reached: 0, sessions_pending: 1 });
    vi.setSystemTime(Date.now() + LEASE);
    expect(await session.answer()).toMatchObject({ decision: "deny", reason: "killed" });
  });

  test("an agent's object that the push can't reach goes on granting no longer than its own lease", async () => {
    const session = await openSession(bot);
    const opened = Date.now();
    cut("agent.learn");
    cut("session.learn");
    expect(await switchboard().flip(flip("agent", bot))).toMatchObject({ sessions_reached: 0, sessions_pending: 1 });
    const admittedAt: number[] = [];
    for (let at = opened; at < opened + 3 * LEASE; at += 1_000) {
      vi.setSystemTime(at);
      if ((await session.answer()).decision === "allow") admittedAt.push(at - opened);
    }
    expect(Math.max(...admittedAt)).toBeLessThan(LEASE);
    expect(await session.answer()).toMatchObject({ decision: "deny", reason: "killed" });
  });

  test("a lease that an older policy granted for longer holds no longer than the newer policy says", async () => {
    const session = await openSession(bot, { lease: 60 * LEASE });
    cut("agent.learn");
    cut("session.learn");
    await switchboard().flip(flip("agent", bot));
    expect((await session.answer()).decision).toBe("allow");
    vi.setSystemTime(Date.now() + LEASE);
    expect(await session.answer()).toMatchObject({ decision: "deny", reason: "killed" });
  });

  test("without any answer about the lease a session refuses, and goes on when it is mended", async () => {
    const session = await openSession(bot);
    vi.setSystemTime(Date.now() + LEASE);
    cut("lease.before");
    expect(await session.answer()).toMatchObject({ decision: "deny", reason: "overloaded" });
    mend("lease.before");
    expect((await session.answer()).decision).toBe("allow");
  });

  test("a session's switch that can't be pushed arrives with the lease", async () => {
    const session = await openSession(bot);
    cut("session.learn");
    expect(await switchboard().flip(flip("session", session.id))).toMatchObject({ sessions_pending: 1 });
    vi.setSystemTime(Date.now() + LEASE);
    expect(await session.answer()).toMatchObject({ decision: "deny", reason: "frozen" });
  });

  test("pushes are repeated until each has confirmed, also after a restart", async () => {
    const session = await openSession(bot);
    cut("session.learn");
    await switchboard().flip(flip("agent", bot));
    mend("session.learn");
    await evictAllDurableObjects();
    await runDurableObjectAlarm(agentStub());
    expect(await session.rpc.state({ sequence: 1, agent: bot })).toMatchObject({ status: "frozen" });
    await eventually(async () => {
      const list = await switchboard().switches({ sequence: 1, history: false });
      if (!("switches" in list)) throw new Error("no list");
      const mine = list.switches.find((each) => each.name === bot);
      expect(mine).toMatchObject({ sessions_reached: 1, sessions_pending: 0 });
    });
  });

  test("a clock that is set back ends the lease instead of stretching it", async () => {
    const session = await openSession(bot);
    cut("lease.before");
    vi.setSystemTime(Date.now() - 3_000);
    expect(await session.answer()).toMatchObject({ decision: "deny", reason: "overloaded" });
  });
});

describe("the policy's sequence", () => {
  test("each object refuses a lower number than it has seen, and a session learns the newest from its agent", async () => {
    const [session, other] = [await openSession(bot), await openSession(bot)];
    expect(await session.ask({ sequence: 2 })).toMatchObject({ answer: { decision: "allow" } });
    expect(await session.ask()).toEqual({ refused: "policy_stale" });
    expect(await session.rpc.records({ sequence: 1, after: 0, limit: 1 })).toEqual({ refused: "policy_stale" });
    await openSession(bot, { sequence: 3 });
    const input = openInput(bot, { sequence: 2 });
    expect(await sessionObject(input.session).open(input)).toEqual({ refused: "policy_stale" });
    await evictAllDurableObjects();
    expect(await other.ask()).toEqual({ refused: "policy_stale" });
    expect(await agentObject(bot).sessions({ sequence: 2, limit: 1 })).toEqual({ refused: "policy_stale" });
  });
});
