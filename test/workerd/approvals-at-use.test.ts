import { evictAllDurableObjects, runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { use, vote } from "./approving.ts";
import { eachAlone } from "./each-alone.ts";
import { eventually } from "./eventually.ts";
import { recordsOf } from "./records-of.ts";
import {
  agentObject,
  allowing,
  approval,
  asking,
  bindings,
  finance,
  li,
  limitRow,
  openSession,
  remainder,
  row,
  rule,
  UNIT,
  unique,
} from "./requests.ts";

let bot = "";

eachAlone(() => {
  bot = unique("bot");
});

const MINUTE = 60_000;

describe("at use the policy of that moment rules", () => {
  test("a vote whose author is no approver any more counts no more, until another one votes", async () => {
    const session = await openSession(bot);
    const asked = await session.answer({ remainder: asking() });
    await vote(session, asked);
    const groups = [{ ...finance, members: ["li@acme.example"] }];
    expect(await use(session, asked, asking(), { groups })).toMatchObject({
      decision: "ask",
      approval: { status: "pending" },
    });
    await eventually(async () =>
      expect(await agentObject(bot).pendingApprovals({ sequence: 1 })).toEqual({
        approvals: [{ id: asked.approval?.id, session: session.id }],
      }),
    );
    expect(await vote(session, asked, { voter: li, groups })).toMatchObject({ status: "approved" });
    expect((await use(session, asked, asking(), { groups })).decision).toBe("allow");
  });

  test("a quorum that was raised isn't met by what was enough before", async () => {
    const session = await openSession(bot);
    const asked = await session.answer({ remainder: asking() });
    await vote(session, asked);
    const raised = asking(["finance_pair"], [approval("finance_pair", { quorum: 2 })]);
    expect(await use(session, asked, raised)).toMatchObject({ decision: "ask", approval: { status: "pending" } });
  });

  test("where more is asked now, the approval is cancelled and one new request asks for all", async () => {
    const session = await openSession(bot);
    const asked = await session.answer({ remainder: asking() });
    await vote(session, asked);
    const both = asking(["finance_pair", "legal"]);
    const again = await use(session, asked, both);
    expect(again).toMatchObject({ decision: "ask", approval: { status: "pending" } });
    expect(again.approval?.id).not.toBe(asked.approval?.id);
    expect(await use(session, asked, both)).toMatchObject({ decision: "deny", reason: "approval_expired" });
  });

  test("an approval that isn't needed any more is used up all the same", async () => {
    const session = await openSession(bot);
    const asked = await session.answer({ remainder: asking() });
    await vote(session, asked);
    expect(await use(session, asked, allowing())).toMatchObject({ decision: "allow", approval: { status: "used" } });
    expect(await use(session, asked)).toMatchObject({ reason: "approval_used" });
  });

  test("a refusal for another reason doesn't use it up", async () => {
    const session = await openSession(bot);
    const asked = await session.answer({ remainder: asking() });
    await vote(session, asked);
    const never = remainder([row(rule("ask", { via: ["finance_pair"] })), row(rule("never"))], {
      approvals: [approval("finance_pair")],
    });
    const full = { ...asking(), limits: [limitRow({ n: 0n })] };
    expect(await use(session, asked, never)).toMatchObject({ decision: "deny", reason: "rule" });
    expect(await use(session, asked, full)).toMatchObject({ decision: "deny", reason: "limit_exceeded" });
    expect(await use(session, asked)).toMatchObject({ decision: "allow" });
  });

  test("an approval admits beyond a limit that asks, for a session and for an agent, and is counted", async () => {
    for (const per of ["session", "agent"] as const) {
      const session = await openSession(bot);
      const limit = limitRow({
        id: `l_${per}`,
        counter: `c_${per}`,
        per,
        n: UNIT,
        window: 60 * MINUTE,
        via: "finance_pair",
      });
      const limited = allowing({ limits: [limit], approvals: [approval("finance_pair")] });
      expect((await session.answer({ remainder: limited })).decision).toBe("allow");
      const asked = await session.answer({ remainder: limited });
      expect(asked.decision).toBe("ask");
      await vote(session, asked);
      expect((await use(session, asked, limited)).decision).toBe("allow");
      const hard = allowing({ limits: [{ ...limit, n: 2n * UNIT, via: null }] });
      expect(await session.answer({ remainder: hard })).toMatchObject({ reason: "limit_exceeded" });
    }
  });
});

describe("time", () => {
  test("nobody decided in time: expired, and asking anew is another approval", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const session = await openSession(bot);
    const asked = await session.answer({ remainder: asking() });
    vi.setSystemTime(Date.now() + 60 * MINUTE);
    expect(await vote(session, asked)).toMatchObject({ refused: "conflict" });
    expect(await use(session, asked)).toMatchObject({ decision: "deny", reason: "approval_expired" });
    expect((await session.answer({ remainder: asking() })).approval?.id).not.toBe(asked.approval?.id);
  });

  test("given and not used within its time: expired", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const session = await openSession(bot);
    const asked = await session.answer({ remainder: asking() });
    await vote(session, asked);
    vi.setSystemTime(Date.now() + 15 * MINUTE);
    expect(await use(session, asked)).toMatchObject({ reason: "approval_expired" });
  });

  test("while one waits the session doesn't idle out, and past its lifetime it lives to redeem it alone", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const session = await openSession(bot, { lifetime: 50 * MINUTE, idle: 10 * MINUTE });
    const asked = await session.answer({ remainder: asking() });
    vi.setSystemTime(Date.now() + 30 * MINUTE);
    await runDurableObjectAlarm(bindings.SESSION.get(bindings.SESSION.idFromName(session.id)));
    expect((await session.answer()).decision).toBe("allow");
    vi.setSystemTime(Date.now() + 25 * MINUTE);
    await vote(session, asked);
    expect(await session.answer()).toMatchObject({ reason: "session_expired" });
    expect((await use(session, asked)).decision).toBe("allow");
    await runDurableObjectAlarm(bindings.SESSION.get(bindings.SESSION.idFromName(session.id)));
    expect(await session.rpc.state({ sequence: 1, agent: bot })).toMatchObject({ status: "expired" });
  });

  test("past its lifetime a session does nothing else: what nobody approved, though it needs no approval any more, nor asks anew", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const session = await openSession(bot, { lifetime: 50 * MINUTE });
    const args = { id: "given" };
    const [pending, given] = [
      await session.answer({ remainder: asking() }),
      await session.answer({ remainder: asking(), args }),
    ];
    vi.setSystemTime(Date.now() + 49 * MINUTE);
    await vote(session, given);
    vi.setSystemTime(Date.now() + 2 * MINUTE);
    expect(await use(session, pending, allowing())).toMatchObject({ decision: "deny", reason: "session_expired" });
    const both = asking(["finance_pair", "legal"]);
    expect(await use(session, given, both, { args })).toMatchObject({ decision: "deny", reason: "session_expired" });
    expect(await use(session, pending)).toMatchObject({ decision: "ask", approval: { id: pending.approval?.id } });
    expect(await use(session, given, asking(), { args })).toMatchObject({ decision: "allow" });
  });

  test("past its lifetime a session gets fresh tokens as long as an approval of its own lives, and for nothing else", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const session = await openSession(bot, { lifetime: 50 * MINUTE, idle: 50 * MINUTE });
    const renew = () => {
      const credential = { key: unique("credential"), expires: Date.now() + MINUTE };
      return session.rpc.refresh({ sequence: 1, agent: bot, credential, lease: 10_000 });
    };
    vi.setSystemTime(Date.now() + 49 * MINUTE);
    const asked = await session.answer({ remainder: asking() });
    vi.setSystemTime(Date.now() + 20 * MINUTE);
    expect(await renew()).toMatchObject({ live: true });
    expect(await session.rpc.delegate({ sequence: 1, agent: bot, to: "other", lease: 10_000 })).toMatchObject({
      delegated: false,
      reason: "session_expired",
    });
    await vote(session, asked);
    expect(await renew()).toMatchObject({ live: true });
    expect(await use(session, asked)).toMatchObject({ decision: "allow" });
    expect(await renew()).toMatchObject({ live: false, reason: "session_expired" });
  });

  test("whoever waits is woken by the decision", async () => {
    const session = await openSession(bot);
    const asked = await session.answer({ remainder: asking() });
    const waiting = session.rpc.waitApproval({
      sequence: 1,
      agent: bot,
      approval: asked.approval?.id ?? "",
      wait: 20_000,
    });
    await vote(session, asked);
    expect(await waiting).toMatchObject({ status: "approved" });
  });

  test("nothing is lost by a restart between the question, the vote and the use", async () => {
    const session = await openSession(bot);
    const asked = await session.answer({ remainder: asking() });
    await evictAllDurableObjects();
    await vote(session, asked);
    await evictAllDurableObjects();
    expect((await use(session, asked)).decision).toBe("allow");
    await evictAllDurableObjects();
    expect(await use(session, asked)).toMatchObject({ reason: "approval_used" });
    await recordsOf(session);
  });
});
