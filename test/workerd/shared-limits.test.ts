import { evictAllDurableObjects, runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { newSessionId } from "../../edge/ids.ts";
import type { AuthorizeOutput } from "../../edge/rpc.ts";
import { eachAlone } from "./each-alone.ts";
import { eventually } from "./eventually.ts";
import { cut, holdNext, mend } from "./gates.ts";
import {
  agentObject,
  allowing,
  asking,
  bindings,
  limitRow,
  openInput,
  openSession,
  type OpenSession,
  sessionObject,
  UNIT,
  unique,
} from "./requests.ts";

/** Tests share the objects' storage, so each takes agents, people and counters of its own. */
let bot = "";
let other = "";
let ana = "";
let counter = "";

eachAlone(() => {
  bot = unique("bot");
  other = unique("other");
  ana = `${unique("ana")}@acme.example`;
  counter = unique("c");
});

const HOUR = 3_600_000;

const fleet = (n = 10n) => limitRow({ id: "l_fleet", counter, per: "fleet", n: n * UNIT, window: HOUR });
const person = (n = 10n) => limitRow({ id: "l_person", counter, per: "requester", n: n * UNIT, window: HOUR });
const ofFleet = (n?: bigint) => allowing({ limits: [fleet(n)] });
const ofPerson = (requester: string, n?: bigint) => allowing({ requester, limits: [person(n)] });

function budget(holder: string) {
  return bindings.BUDGET.get(bindings.BUDGET.idFromName(holder));
}

function admitted(outputs: readonly AuthorizeOutput[]): number {
  return outputs.filter((output) => "answer" in output && output.answer.decision === "allow").length;
}

function many(session: OpenSession, count: number, remainder = ofFleet()): Promise<AuthorizeOutput>[] {
  return Array.from({ length: count }, () => session.ask({ remainder }));
}

async function sessionsOf(agents: readonly string[]): Promise<readonly OpenSession[]> {
  return Promise.all(agents.map((agent) => openSession(agent)));
}

describe("under a hundred parallel calls", () => {
  test("a fleet's limit of ten admits exactly ten, whichever agents ask", async () => {
    const sessions = await sessionsOf([bot, bot, other]);
    const outputs = await Promise.all(sessions.flatMap((session) => many(session, 33)));
    expect(admitted(outputs)).toBe(10);
  });

  test("a person's limit of ten admits exactly ten through all agents that act for the person", async () => {
    const sessions = await sessionsOf([bot, other]);
    const outputs = await Promise.all(sessions.flatMap((session) => many(session, 50, ofPerson(ana))));
    expect(admitted(outputs)).toBe(10);
    const [next] = await sessionsOf([bot]);
    const bo = `${unique("bo")}@acme.example`;
    expect(await next?.answer({ remainder: ofPerson(bo) })).toMatchObject({ decision: "allow" });
  });

  test("an agent's limit counts what others do on its behalf", async () => {
    const limits = [limitRow({ id: "l_own", counter, per: "agent", agent: other, window: HOUR })];
    const [below, above] = await sessionsOf([bot, other]);
    if (below === undefined || above === undefined) throw new Error("no sessions");
    const own = allowing({ limits: [limitRow({ id: "l_own", counter, per: "agent", window: HOUR })] });
    expect(admitted(await Promise.all(many(below, 6, allowing({ limits }))))).toBe(6);
    expect(admitted(await Promise.all(many(above, 20, own)))).toBe(4);
  });
});

describe("limits with several holders", () => {
  test("are spent together or not at all", async () => {
    const [session] = await sessionsOf([bot]);
    if (session === undefined) throw new Error("no session");
    const closed = limitRow({ id: "l_closed", counter: unique("c"), per: "requester", n: 0n, window: HOUR });
    const own = limitRow({ id: "l_agent", counter: unique("c"), per: "agent", n: 10n * UNIT, window: HOUR });
    const both = allowing({ requester: ana, limits: [own, fleet(), closed] });
    for (let round = 0; round < 3; round += 1)
      expect(await session.answer({ remainder: both })).toMatchObject({ reason: "limit_exceeded" });
    const open = allowing({ requester: ana, limits: [own, fleet()] });
    await eventually(async () => {
      const answer = await session.answer({ remainder: allowing({ limits: [{ ...fleet(), n: UNIT }] }) });
      expect(answer.decision).toBe("allow");
    });
    expect(admitted(await Promise.all(many(session, 20, open)))).toBe(9);
  });

  test("one that is over asks, and what is approved is counted by all", async () => {
    const [session] = await sessionsOf([bot]);
    if (session === undefined) throw new Error("no session");
    const soft = { ...fleet(1n), via: "finance_pair" };
    const { approvals } = asking();
    const remainder = allowing({ limits: [soft], approvals });
    expect((await session.answer({ remainder })).decision).toBe("allow");
    expect(await session.answer({ remainder })).toMatchObject({ decision: "ask" });
  });

  test("what is left is shown of a hundred at most, however many values are counted", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const [session] = await sessionsOf([bot]);
    if (session === undefined) throw new Error("no session");
    for (let value = 0; value < 120; value++) {
      const limits = [{ ...fleet(1n), key: JSON.stringify([String(value)]) }];
      expect(await session.answer({ remainder: allowing({ limits }) })).toMatchObject({ decision: "allow" });
      vi.setSystemTime(Date.now() + 50);
    }
    const state = await session.rpc.state({ sequence: 1, agent: bot });
    expect("limits" in state && state.limits).toHaveLength(100);
  });

  test("what is left of each is shown to the agent", async () => {
    const [session] = await sessionsOf([bot]);
    if (session === undefined) throw new Error("no session");
    expect(await session.answer({ remainder: ofFleet() })).toMatchObject({ limits: [{ remaining: "9" }] });
    expect(await session.rpc.state({ sequence: 1, agent: bot })).toMatchObject({
      limits: [{ id: "l_fleet", limit: "10", remaining: "9" }],
    });
  });
});

describe("a count that can't be had", () => {
  test("denies and spends nothing", async () => {
    const [session] = await sessionsOf([bot]);
    if (session === undefined) throw new Error("no session");
    cut("budget.before");
    expect(await session.answer({ remainder: ofFleet(1n) })).toMatchObject({ decision: "deny", reason: "overloaded" });
    mend("budget.before");
    expect((await session.answer({ remainder: ofFleet(1n) })).decision).toBe("allow");
  });

  test("whose confirmation was lost is confirmed by asking, never released", async () => {
    const [first, second] = await sessionsOf([bot, other]);
    if (first === undefined || second === undefined) throw new Error("no sessions");
    cut("budget.report");
    expect((await first.answer({ remainder: ofPerson(ana, 1n) })).decision).toBe("allow");
    await evictAllDurableObjects();
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 11_000);
    await runDurableObjectAlarm(budget(`requester ${ana}`));
    mend("budget.report");
    expect((await second.answer({ remainder: ofPerson(ana, 1n) })).reason).toBe("limit_exceeded");
    await runDurableObjectAlarm(bindings.SESSION.get(bindings.SESSION.idFromName(first.id)));
    expect((await second.answer({ remainder: ofPerson(ana, 1n) })).reason).toBe("limit_exceeded");
  });

  test("that was held for a request which died is released when it is old enough", async () => {
    const [session] = await sessionsOf([bot]);
    if (session === undefined) throw new Error("no session");
    const held = holdNext("budget.after");
    const waiting = session.ask({ remainder: ofPerson(ana, 1n) });
    await held.arrived();
    await session.rpc.close({ sequence: 1, agent: bot });
    cut("budget.report");
    held.open();
    expect(await waiting).toMatchObject({ answer: { reason: "session_expired" } });
    const [next] = await sessionsOf([other]);
    expect(await next?.answer({ remainder: ofPerson(ana, 1n) })).toMatchObject({ reason: "limit_exceeded" });
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 11_000);
    await runDurableObjectAlarm(budget(`requester ${ana}`));
    expect(await next?.answer({ remainder: ofPerson(ana, 1n) })).toMatchObject({ decision: "allow" });
  });
});

describe("openings", () => {
  const opens = async (agent: string, requester: string, n = 2n) => {
    const input = openInput(agent, { opening: { ...ofPerson(requester, n), agent } });
    return sessionObject(input.session).open({ ...input, session: input.session });
  };

  test("are counted for a person over all agents, and a refused one spends nothing", async () => {
    expect(await opens(bot, ana)).toMatchObject({ opened: true });
    expect(await opens(other, ana)).toMatchObject({ opened: true });
    expect(await opens(bot, ana)).toMatchObject({ opened: false, reason: "limit_exceeded" });
    expect(await opens(bot, ana, 3n)).toMatchObject({ opened: true });
  });

  test("that fail for another reason give their share back", async () => {
    const input = openInput(bot, { opening: { ...ofPerson(ana, 1n), agent: bot } });
    await agentObject(bot).admit({
      sequence: 1,
      agent: bot,
      session: newSessionId(),
      credentials: [input.credential],
      opening: allowing(),
      shared: new Map(),
      starts_with: [],
      lease: 10_000,
      until: Date.now() + HOUR,
    });
    expect(await sessionObject(input.session).open(input)).toEqual({ refused: "replayed_credential" });
    expect(await opens(bot, ana, 1n)).toMatchObject({ opened: true });
  });
});
