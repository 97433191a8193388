import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { eachAlone } from "./each-alone.ts";
import { eventually } from "./eventually.ts";
import { cut, holdNext } from "./gates.ts";
import { vote } from "./approving.ts";
import { kindsOf, recordsOf } from "./records-of.ts";
import {
  agentObject,
  allowing,
  approval,
  asking,
  bindings,
  limitRow,
  openInput,
  openSession,
  operator,
  remainder,
  row,
  rule,
  sessionObject,
  switchboard,
  UNIT,
  unique,
} from "./requests.ts";

let bot = "";

eachAlone(() => {
  bot = unique("bot");
});

const HOUR = 3_600_000;

async function open(change = {}) {
  const input = openInput(bot, change);
  return { input, output: await sessionObject(input.session).open(input) };
}

const ring = (id: string) => runDurableObjectAlarm(bindings.SESSION.get(bindings.SESSION.idFromName(id)));

describe("opening", () => {
  test("a session opens once", async () => {
    const { input, output } = await open();
    expect(output).toMatchObject({ opened: true });
    expect(await sessionObject(input.session).open(input)).toMatchObject({ refused: "conflict" });
  });

  test("a credential opens one session, and so does a requester's token", async () => {
    const credential = { key: unique("credential"), expires: Date.now() + HOUR };
    const requester_credential = { key: unique("requester"), expires: Date.now() + HOUR };
    expect((await open({ credential, requester_credential })).output).toMatchObject({ opened: true });
    expect((await open({ credential })).output).toEqual({ refused: "replayed_credential" });
    expect((await open({ requester_credential })).output).toEqual({ refused: "replayed_credential" });
    expect((await open()).output).toMatchObject({ opened: true });
  });

  test("one credential used by two parallel openings opens one", async () => {
    const credential = { key: unique("credential"), expires: Date.now() + HOUR };
    const outputs = await Promise.all([open({ credential }), open({ credential }), open({ credential })]);
    expect(outputs.filter(({ output }) => "opened" in output && output.opened)).toHaveLength(1);
  });

  test("ten sessions are open at most, and closing one makes room", async () => {
    const outputs = await Promise.all(Array.from({ length: 12 }, () => open()));
    const opened = outputs.filter(({ output }) => "opened" in output && output.opened);
    expect(opened).toHaveLength(10);
    expect((await open()).output).toMatchObject({ opened: false, reason: "limit_exceeded" });
    const [first] = opened;
    if (first === undefined) throw new Error("none opened");
    await sessionObject(first.input.session).close({ sequence: 1, agent: bot });
    await eventually(async () => expect((await open()).output).toMatchObject({ opened: true }));
  });

  test("sixty are opened within any hour at most", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const agent = agentObject(bot);
    for (let index = 0; index < 60; index++) {
      const { session, sequence, opening, starts_with, lease, credential } = openInput(bot);
      const input = {
        sequence,
        agent: bot,
        session,
        credentials: [credential],
        opening,
        shared: new Map(),
        starts_with,
        lease,
        until: Date.now() + HOUR,
      };
      expect(await agent.admit(input)).toMatchObject({ admitted: true });
      const ended = { status: "closed" as const, at: Date.now() };
      await agent.report({ session, confirm: [], release: [], asked: [], resolved: [], reopened: [], ended });
    }
    const refused = (await open()).output;
    expect(refused).toMatchObject({ opened: false, reason: "limit_exceeded", retry_after: 3_600 });
    vi.setSystemTime(Date.now() + HOUR);
    expect((await open()).output).toMatchObject({ opened: true });
  });

  test("a limit on opening takes the place of the caps", async () => {
    const limits = [limitRow({ counter: "c_open", per: "agent", n: 2n * UNIT, window: HOUR })];
    const opening = allowing({ limits });
    const outputs = await Promise.all(Array.from({ length: 5 }, () => open({ opening })));
    expect(outputs.filter(({ output }) => "opened" in output && output.opened)).toHaveLength(2);
  });

  test("two limits on opening that share a count are both held, and spent once", async () => {
    const shared = { counter: "c_open", per: "agent", window: HOUR } as const;
    const limits = [limitRow({ ...shared, n: 3n * UNIT }), limitRow({ ...shared, id: "l_2", n: 9n * UNIT })];
    const opening = allowing({ limits });
    const outputs = await Promise.all(Array.from({ length: 5 }, () => open({ opening })));
    expect(outputs.filter(({ output }) => "opened" in output && output.opened)).toHaveLength(3);
  });

  test("a limit on opening whose count can't be had lets none open", async () => {
    const opening = allowing({ limits: [limitRow({ per: "fleet", window: HOUR })] });
    cut("budget.before");
    expect((await open({ opening })).output).toMatchObject({ opened: false, reason: "overloaded" });
  });

  test("a rule against opening lets none open", async () => {
    const opening = remainder([row(rule("allow")), row(rule("never"))]);
    expect((await open({ opening })).output).toMatchObject({ opened: false, reason: "rule" });
  });

  test("nobody can be asked before a session is open", async () => {
    const limits = [limitRow({ counter: "c_open", per: "agent", n: 0n, window: HOUR, via: "finance_pair" })];
    const opening = allowing({ limits, approvals: [approval("finance_pair")] });
    expect((await open({ opening })).output).toMatchObject({ opened: false, reason: "limit_exceeded" });
  });

  test("a kill that comes while a session opens is seen", async () => {
    const held = holdNext("admit.after");
    const opening = open();
    await held.arrived();
    await switchboard().flip({ sequence: 1, scope: "agent", name: bot, reason: "odd", by: operator });
    held.open();
    const { input, output } = await opening;
    if ("opened" in output && !output.opened) return;
    const session = sessionObject(input.session);
    expect(await session.state({ sequence: 1, agent: bot })).toMatchObject({ status: "frozen" });
  });
});

describe("the end", () => {
  test("a closed session decides nothing and says so", async () => {
    const session = await openSession(bot);
    expect(await session.rpc.close({ sequence: 1, agent: bot })).toMatchObject({ status: "closed" });
    expect(await session.rpc.close({ sequence: 1, agent: bot })).toMatchObject({ status: "closed" });
    expect(await session.answer()).toMatchObject({ decision: "deny", reason: "session_expired" });
    expect(kindsOf(await recordsOf(session))).toEqual(["session.opened", "session.closed", "decision"]);
  });

  test("a session idles out, unless it is used", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const session = await openSession(bot);
    for (let index = 0; index < 3; index++) {
      vi.setSystemTime(Date.now() + HOUR / 2 - 1);
      expect((await session.answer()).decision).toBe("allow");
    }
    vi.setSystemTime(Date.now() + HOUR / 2);
    expect(await session.answer()).toMatchObject({ reason: "session_expired" });
    await ring(session.id);
    expect(await session.rpc.state({ sequence: 1, agent: bot })).toMatchObject({ status: "expired" });
    await eventually(async () => {
      const list = await agentObject(bot).sessions({ sequence: 1, limit: 1 });
      expect(list).toMatchObject({ sessions: [{ id: session.id, ended_at: expect.any(Number) }] });
    });
  });

  test("a lifetime ends a session that is used all the time, after a day at most", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const session = await openSession(bot, { lifetime: 1_000 * HOUR, idle: 1_000 * HOUR });
    vi.setSystemTime(Date.now() + 24 * HOUR);
    expect(await session.answer()).toMatchObject({ reason: "session_expired" });
  });

  test("another agent's token isn't good for it", async () => {
    const session = await openSession(bot);
    expect(await session.rpc.state({ sequence: 1, agent: "cat" })).toMatchObject({ refused: "forbidden" });
    expect(await session.ask({ change: { agent: "cat" } })).toMatchObject({ refused: "forbidden" });
  });
});

describe("asking has a price", () => {
  test("more than twenty a second are refused without a record, and ten times more freeze the session for people to see", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const session = await openSession(bot);
    const outputs = await Promise.all(Array.from({ length: 200 }, () => session.ask()));
    expect(outputs.filter((output) => "answer" in output)).toHaveLength(20);
    expect(outputs[50]).toMatchObject({ refused: "flood", retry_after: 1 });
    expect((await recordsOf(session)).length).toBe(21);
    await session.ask();
    vi.setSystemTime(Date.now() + 2_000);
    expect(await session.answer()).toMatchObject({ decision: "deny", reason: "frozen" });
    const flipped = async () => {
      const list = await switchboard().switches({ sequence: 1, history: false });
      return "switches" in list ? list.switches.filter((each) => each.name === session.id) : [];
    };
    await eventually(async () => expect(await flipped()).toHaveLength(1));
    const name = { sequence: 1, scope: "session" as const, name: session.id, reason: "a loop, mended", by: operator };
    await eventually(async () => expect(await flipped()).toMatchObject([{ sessions_reached: 1 }]));
    await switchboard().lift({ ...name, id: null });
    expect((await session.answer()).decision).toBe("allow");
  });
});

describe("records", () => {
  test("looking at itself, closing again and following approvals have the price of asking, and closing has none", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const bot = unique("bot");
    const session = await openSession(bot);
    const asked = await session.answer({ remainder: asking() });
    const caller = { sequence: 1, agent: bot };
    const approval = { ...caller, approval: asked.approval?.id ?? "" };
    const calls = [
      () => session.rpc.state(caller),
      () => session.rpc.waitApproval({ ...approval, wait: 0 }),
      () => session.rpc.withdrawApproval(approval),
    ];
    for (const call of calls) {
      const outputs: object[] = [];
      for (let times = 0; times < 25; times++) outputs.push(await call());
      expect(outputs.filter((output) => "refused" in output)).toEqual(
        Array.from({ length: 5 }, () => ({ refused: "flood", retry_after: 1 })),
      );
      vi.setSystemTime(Date.now() + 1_000);
    }
    for (let times = 0; times < 25; times++) await session.rpc.state(caller);
    expect(await session.rpc.close(caller)).toMatchObject({ status: "closed" });
    expect(await session.rpc.close(caller)).toMatchObject({ refused: "flood" });
    vi.setSystemTime(Date.now() + 1_000);
    expect(await session.rpc.close(caller)).toMatchObject({ status: "closed" });
  });

  test("arguments are erased and the chain stays whole", async () => {
    const session = await openSession(bot);
    await session.answer({ args: { id: "kim@acme.example" } });
    const before = await recordsOf(session);
    const [, decision] = before;
    expect(decision?.args).toBe('{"id":"kim@acme.example"}');
    const erased = { sequence: 1, seq: 2, by: operator, reason: "asked to" };
    expect(await session.rpc.eraseArguments(erased)).toEqual({ erased: true });
    expect(await session.rpc.eraseArguments(erased)).toEqual({ erased: false });
    const after = await recordsOf(session);
    expect(after[1]).toMatchObject({ args: null, record: { hash: decision?.record.hash } });
    expect(after[2]).toMatchObject({ record: { kind: "arguments.erased", of: 2, by: "olga@acme.example" } });
    expect(JSON.stringify(after)).not.toContain("kim@acme.example");
  });

  test("of a task that may not be shown nothing is kept once nothing is decided by it", async () => {
    const bot = unique("bot");
    const session = await openSession(bot, { task: "pay with 4111 1111 1111 1111", task_shown: "withheld" });
    const kept = () =>
      runInDurableObject(
        bindings.SESSION.get(bindings.SESSION.idFromName(session.id)),
        (_, { storage }) => storage.sql.exec<{ facts: string }>("SELECT facts FROM session").one().facts,
      );
    expect(await kept()).toContain("4111");
    await session.rpc.close({ sequence: 1, agent: bot });
    expect(await kept()).not.toContain("4111");
    expect(await kept()).toContain('"task":"withheld"');
  });

  test("when they have been kept long enough, the arguments of an ended session go", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const session = await openSession(bot, { retain: 48 * HOUR });
    await session.answer();
    await session.rpc.close({ sequence: 1, agent: bot });
    vi.setSystemTime(Date.now() + 48 * HOUR);
    await ring(session.id);
    const lines = await recordsOf(session);
    expect(lines.map((line) => line.args)).toEqual(lines.map(() => null));
    expect(kindsOf(lines).at(-1)).toBe("arguments.expired");
  });

  test("what nobody can see any more, nobody can approve", async () => {
    const session = await openSession(bot);
    const asked = await session.answer({ remainder: asking() });
    await session.rpc.eraseArguments({ sequence: 1, seq: 2, by: operator, reason: "asked to" });
    expect(await vote(session, asked)).toMatchObject({ refused: "conflict" });
  });

  test("a session that has stored all that it may decides nothing more, and goes on recording", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const session = await openSession(bot);
    const big = (index: number) => ({ id: `${index}`.padEnd(1024 * 1024 - 100, "x") });
    const reasons = [];
    for (let index = 0; index < 10; index++) reasons.push((await session.answer({ args: big(index) })).reason);
    expect(reasons).toEqual([...Array.from({ length: 8 }, () => "rule"), "overloaded", "overloaded"]);
    let after = 0;
    for (let page = 0; page < 20; page++) {
      const output = await session.rpc.records({ sequence: 1, after, limit: 500 });
      if (!("lines" in output)) throw new Error("no records");
      expect(output.lines.join("").length).toBeLessThan(5 * 1024 * 1024);
      after = output.last;
      if (!output.more) break;
    }
    expect(after).toBe(11);
  });

  test("they come page by page", async () => {
    const session = await openSession(bot);
    for (let index = 0; index < 4; index++) await session.answer();
    const first = await session.rpc.records({ sequence: 1, after: 0, limit: 3 });
    expect(first).toMatchObject({ last: 3, more: true });
    const rest = await session.rpc.records({ sequence: 1, after: 3, limit: 3 });
    expect(rest).toMatchObject({ last: 5, more: false });
  });

  test("what decided is in the record: rules, limits, channels, labels, and the permit's id", async () => {
    const session = await openSession(bot);
    const answer = await session.answer({ remainder: allowing({ limits: [limitRow()] }), change: { intent: "help" } });
    const lines = await recordsOf(session);
    expect(lines[1]?.record).toMatchObject({
      kind: "decision",
      decision: "allow",
      decision_id: answer.decision_id,
      rules: ["r_allow"],
      limits: [{ id: "l_1", remaining: "9" }],
      intent: "help",
      permit: answer.permit?.jti,
      chain: [bot],
    });
  });
});

/** Allowed only after `crm.read` was done, with these arguments if any. */
function afterReading(same: string | null) {
  return remainder([row(rule("allow"), { op: "session_did", action: "crm.read", same, within: null })]);
}

test("an action that was done with these arguments is remembered, and with others it is not", async () => {
  const session = await openSession(bot);
  const after = async (same: string | null) => (await session.answer({ remainder: afterReading(same) })).decision;
  expect(await after(null)).toBe("deny");
  await session.answer({ args: { id: "c-1" } });
  expect(await after(null)).toBe("allow");
  expect(await after('{"id":"c-1"}')).toBe("allow");
  expect(await after('{"id":"c-2"}')).toBe("deny");
});
