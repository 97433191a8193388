import { evictAllDurableObjects, runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { eachAlone } from "./each-alone.ts";
import { asked, askForRole, clean, offer, offers, voteOn } from "./elevating.ts";
import { eventually } from "./eventually.ts";
import { cut, holdNext } from "./gates.ts";
import { kindsOf, recordsOf } from "./records-of.ts";
import {
  agentObject,
  allowing,
  ana,
  approval,
  asking,
  bindings,
  li,
  limitRow,
  openSession,
  type OpenSession,
  operator,
  row,
  rule,
  remainder,
  switchboard,
  UNIT,
  unique,
} from "./requests.ts";
import { vote } from "./approving.ts";

const HOUR = 3_600_000;
let bot = "";
let session: OpenSession;

eachAlone(async () => {
  bot = unique("bot");
  session = await openSession(bot);
});

const roles = async (of = session, sequence = 1) => {
  const state = await of.rpc.state({ sequence, agent: of.agent });
  if ("refused" in state) throw new Error("no state");
  return state.roles;
};

const flip = (scope: "role" | "agent" | "session", name: string) =>
  ({ sequence: 1, scope, name, reason: "odd", by: operator }) as const;

async function gained(of = session): Promise<string> {
  const id = await asked(of);
  expect(await voteOn(of, id)).toMatchObject({ status: "used" });
  return id;
}

function goOn(ms: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
}

describe("a role", () => {
  test("is asked for, gained by the vote and good for its time, with a record of each", async () => {
    expect(await clean(session)).toMatchObject({ decision: "deny", reason: "no_rule" });
    const id = await asked(session);
    expect(await clean(session)).toMatchObject({ reason: "no_rule" });
    const view = await session.rpc.viewApproval({ sequence: 1, approval: id });
    expect(view).toMatchObject({
      action: "become cleaner",
      elevation: { role: "cleaner", duration: HOUR / 2 },
      args: '{"for":"30m","role":"cleaner"}',
      intent: "the disk is full",
      rules: [{ id: "r_clean", doc: "Cleans up." }],
      needs: [{ approval: "finance_pair", votes: 0 }],
    });
    expect(await voteOn(session, id)).toMatchObject({ status: "used" });
    expect(await clean(session)).toMatchObject({ decision: "allow" });
    expect(await roles()).toMatchObject([{ role: "cleaner" }]);
    expect(kindsOf(await recordsOf(session))).toEqual([
      "session.opened",
      "decision",
      "elevation.asked",
      "approval.asked",
      "decision",
      "approval.voted",
      "elevation.gained",
      "decision",
    ]);
  });

  test("ends when its time is over, by the alarm or at the next request", async () => {
    await gained();
    goOn(HOUR / 4);
    expect(await clean(session)).toMatchObject({ decision: "allow" });
    goOn(HOUR / 4);
    expect(await clean(session)).toMatchObject({ reason: "no_rule" });
    expect(await roles()).toEqual([]);
    expect((await recordsOf(session)).at(-2)?.record).toMatchObject({ kind: "elevation.ended", because: "time" });
  });

  test("ends by the alarm alone", async () => {
    await gained();
    goOn(HOUR / 4);
    await clean(session);
    goOn(HOUR / 4 + 1_000);
    await runDurableObjectAlarm(bindings.SESSION.get(bindings.SESSION.idFromName(session.id)));
    expect((await recordsOf(session)).at(-1)?.record).toMatchObject({ kind: "elevation.ended", because: "time" });
  });

  test("outlives a restart", async () => {
    await gained();
    await evictAllDurableObjects();
    expect(await clean(session)).toMatchObject({ decision: "allow" });
  });

  test("ends with the session", async () => {
    await gained();
    await session.rpc.close({ sequence: 1, agent: bot });
    expect((await recordsOf(session)).at(-1)?.record).toMatchObject({ kind: "elevation.ended", because: "session" });
    expect(await clean(session)).toMatchObject({ reason: "session_expired" });
  });

  test("ends when the policy offers it no more, and doesn't come back with the next policy", async () => {
    await gained();
    expect(await clean(session, { sequence: 2, offers: [] })).toMatchObject({ reason: "no_rule" });
    expect(await clean(session, { sequence: 3 })).toMatchObject({ reason: "no_rule" });
    const ended = (await recordsOf(session, 3)).find(({ record }) => record.kind === "elevation.ended");
    expect(ended?.record).toMatchObject({ because: "policy", sequence: 2 });
  });

  test("ends earlier where a later policy offers less time, for good", async () => {
    const less = (duration: number) => offers.map((each) => ({ ...each, duration }));
    await gained();
    const before = (await roles())[0]?.until ?? 0;
    expect(await clean(session, { sequence: 2, offers: less(HOUR / 4) })).toMatchObject({ decision: "allow" });
    expect(await clean(session, { sequence: 3 })).toMatchObject({ decision: "allow" });
    expect(await roles(session, 3)).toMatchObject([{ until: before - HOUR / 4 }]);
    // Less than has passed already.
    expect(await clean(session, { sequence: 4, offers: less(0) })).toMatchObject({ reason: "no_rule" });
    expect((await recordsOf(session, 4)).at(-2)?.record).toMatchObject({ kind: "elevation.ended", because: "policy" });
    expect(await clean(session, { sequence: 5 })).toMatchObject({ reason: "no_rule" });
  });

  test("is gained in one session and no other", async () => {
    await gained();
    const other = await openSession(bot);
    expect(await clean(other)).toMatchObject({ reason: "no_rule" });
    expect(await roles(other)).toEqual([]);
  });

  test("brings its restrictions and limits with it", async () => {
    const strict = row(rule("never", { block: "role cleaner" }), true, { role: "cleaner" });
    const limited = allowing({ limits: [limitRow({ role: "cleaner", n: UNIT })] });
    const forbidden = remainder([row(rule("allow")), strict], { action: "disk.wipe" });
    expect(await session.answer({ remainder: forbidden, change: { offers } })).toMatchObject({ decision: "allow" });
    await gained();
    expect(await session.answer({ remainder: forbidden, change: { offers } })).toMatchObject({ decision: "deny" });
    expect(await session.answer({ remainder: limited, change: { offers } })).toMatchObject({ decision: "allow" });
    expect(await session.answer({ remainder: limited, change: { offers } })).toMatchObject({
      reason: "limit_exceeded",
    });
  });

  test("asked for again while it is held lasts from the later approval", async () => {
    await gained();
    const [first] = await roles();
    goOn(HOUR / 4);
    await gained();
    const [second] = await roles();
    expect(second?.until).toBeGreaterThan(first?.until ?? 0);
    goOn(HOUR / 3);
    expect(await clean(session)).toMatchObject({ decision: "allow" });
  });
});

describe("asking", () => {
  test("for what is asked already gives the same approval", async () => {
    const id = await asked(session);
    expect(await asked(session, { reason: "really" })).toBe(id);
    expect(await agentObject(bot).pendingApprovals({ sequence: 1 })).toMatchObject({ approvals: [{ id }] });
  });

  test("twice at the same time asks once", async () => {
    const gate = holdNext("reserve.before");
    const first = asked(session);
    await gate.arrived();
    const second = await asked(session);
    gate.open();
    expect(await first).toBe(second);
    await eventually(async () => {
      const pending = await agentObject(bot).pendingApprovals({ sequence: 1 });
      expect(pending).toMatchObject({ approvals: [{ id: second }] });
    });
  });

  test("for what the policy doesn't offer is refused, and recorded", async () => {
    const output = await askForRole(session, { role: "admin", offer: null });
    expect(output).toMatchObject({ asked: false, reason: "no_rule" });
    expect(JSON.stringify(output)).toContain("has no `may become admin via …`; its owner adds that to the policy");
    expect((await recordsOf(session)).at(-1)?.record).toMatchObject({
      kind: "elevation.refused",
      role: "admin",
      reason: "no_rule",
    });
    const against = { reason: "review_overdue", message: "late" } as const;
    expect(await askForRole(session, { against })).toMatchObject({ asked: false, reason: "review_overdue" });
  });

  test("again after a person said no is refused for the whole session", async () => {
    const id = await asked(session);
    expect(await voteOn(session, id, { decision: "deny", reason: "not today" })).toMatchObject({ status: "denied" });
    expect(await askForRole(session, { reason: "please" })).toMatchObject({ reason: "approval_denied" });
    expect(await asked(await openSession(bot))).toMatch(/^apr_/);
  });

  test("counts among the questions that wait", async () => {
    for (const id of ["a", "b", "c"]) await session.answer({ remainder: asking(), args: { id } });
    expect(await askForRole(session)).toMatchObject({ asked: false, reason: "approval_backlog" });
  });

  test("counts among the questions of all the agent's sessions", async () => {
    const others = await Promise.all(Array.from({ length: 7 }, () => openSession(bot)));
    for (const other of others)
      await Promise.all(["a", "b", "c"].map((id) => other.answer({ remainder: asking(), args: { id } })));
    expect(await askForRole(session)).toMatchObject({ asked: false, reason: "approval_backlog" });
  });

  test("without the agent's object is refused", async () => {
    cut("reserve.before");
    expect(await askForRole(session)).toMatchObject({ asked: false, reason: "overloaded" });
    expect(await roles()).toEqual([]);
  });

  test("by an older policy, by another agent's token or too late is refused", async () => {
    await session.answer({ sequence: 5 });
    expect(await askForRole(session)).toEqual({ refused: "policy_stale" });
    expect(await askForRole(session, { sequence: 5, agent: "somebody" })).toMatchObject({ refused: "forbidden" });
    expect(await askForRole(session, { sequence: 5, at: Date.now() - 6_000 })).toMatchObject({ reason: "overloaded" });
  });

  test("under a policy that changed who is asked cancels the earlier question", async () => {
    const id = await asked(session);
    const next = await asked(session, { sequence: 2, offer: offer(approval("other_pair")) });
    expect(next).not.toBe(id);
    expect(await session.rpc.viewApproval({ sequence: 2, approval: id })).toMatchObject({ status: "cancelled" });
  });
});

describe("people", () => {
  const pair = approval("finance_pair", { quorum: 2 });

  test("are as many as the approval says, each counted once", async () => {
    const id = await asked(session, { offer: offer(pair) });
    const change = { approvals: [pair] };
    expect(await voteOn(session, id, change)).toMatchObject({ status: "pending" });
    expect(await voteOn(session, id, change)).toMatchObject({ status: "pending" });
    expect(await clean(session)).toMatchObject({ reason: "no_rule" });
    expect(await voteOn(session, id, { ...change, voter: li })).toMatchObject({ status: "used" });
    expect(await clean(session)).toMatchObject({ decision: "allow" });
  });

  test("who are the requester or, where it says so, the owners don't count", async () => {
    const email = "ana@acme.example";
    const personal = await openSession(bot, { requester: { id: email, email, claims: {} } });
    expect(await voteOn(personal, await asked(personal))).toMatchObject({ refused: "forbidden" });
    const strict = approval("finance_pair", { excluding_owners: true });
    const id = await asked(session, { offer: offer(strict) });
    const owned = { approvals: [strict], owner: "ana@acme.example" };
    expect(await voteOn(session, id, owned)).toMatchObject({ refused: "forbidden" });
    expect(await voteOn(session, id, { ...owned, voter: li })).toMatchObject({ status: "used" });
  });

  test("can't give what the policy no longer offers, or offers otherwise", async () => {
    const [same] = offers;
    if (same === undefined) throw new Error("nothing is offered");
    for (const now of [[], [{ ...same, duration: 1 }], [{ ...same, terms: "4".repeat(64) }]]) {
      const id = await asked(session);
      expect(await voteOn(session, id, { offers: now })).toMatchObject({ status: "cancelled" });
      expect(await clean(session)).toMatchObject({ reason: "no_rule" });
    }
  });

  test("who come too late find it expired", async () => {
    const quick = offer(approval("finance_pair", { within: 60_000 }));
    const id = await asked(session, { offer: quick });
    goOn(60_001);
    expect(await voteOn(session, id)).toMatchObject({ refused: "conflict" });
    expect(await session.rpc.viewApproval({ sequence: 1, approval: id })).toMatchObject({ status: "expired" });
    expect(await roles()).toEqual([]);
  });

  test("give a role only until the session's lifetime is over", async () => {
    const short = await openSession(bot, { lifetime: 60_000 });
    const id = await asked(short);
    await voteOn(short, id);
    const [role] = await roles(short);
    expect(role?.until).toBeLessThanOrEqual(Date.now() + 60_000);
    expect(await clean(short)).toMatchObject({ decision: "allow" });
  });

  test("don't give with it any action that was asked for, nor the other way round", async () => {
    const id = await asked(session);
    const action = await session.answer({ remainder: asking(), change: { offers } });
    await voteOn(session, id);
    const used = await session.answer({ remainder: asking(), approval: id, change: { offers } });
    expect(used).toMatchObject({ decision: "deny", reason: "approval_mismatch" });
    const other = await openSession(bot);
    const question = await other.answer({ remainder: asking() });
    await vote(other, question);
    expect(await roles(other)).toEqual([]);
    expect(action.decision).toBe("ask");
  });

  test("take their question back when the agent withdraws it", async () => {
    const id = await asked(session);
    expect(await session.rpc.withdrawApproval({ sequence: 1, agent: bot, approval: id })).toMatchObject({
      status: "cancelled",
    });
    expect(await voteOn(session, id)).toMatchObject({ refused: "conflict" });
    expect(await roles()).toEqual([]);
  });
});

describe("switches", () => {
  test("a killed role can't be asked for, and questions for it are called off", async () => {
    const id = await asked(session);
    const role = flip("role", "cleaner");
    await switchboard().flip(role);
    try {
      expect(await session.rpc.viewApproval({ sequence: 1, approval: id })).toMatchObject({ status: "cancelled" });
      expect(await askForRole(session)).toMatchObject({ asked: false, reason: "killed" });
      expect(await voteOn(session, id)).toMatchObject({ refused: "conflict" });
    } finally {
      await switchboard().lift({ ...role, id: null });
    }
  });

  test("a role that is killed while it is gained stops granting", async () => {
    await gained();
    const role = flip("role", "cleaner");
    await switchboard().flip(role);
    try {
      expect(await clean(session)).toMatchObject({ decision: "deny", reason: "killed" });
      const strict = row(rule("never", { block: "role cleaner" }), true, { role: "cleaner" });
      const forbidden = remainder([row(rule("allow")), strict], { action: "disk.wipe" });
      expect(await session.answer({ remainder: forbidden, change: { offers } })).toMatchObject({ decision: "deny" });
    } finally {
      await switchboard().lift({ ...role, id: null });
    }
  });

  test("a freeze calls the question off, and a role that was gained waits for the lift", async () => {
    await gained();
    const id = await asked(session);
    const own = flip("session", session.id);
    await switchboard().flip(own);
    expect(await session.rpc.viewApproval({ sequence: 1, approval: id })).toMatchObject({ status: "cancelled" });
    expect(await askForRole(session)).toMatchObject({ asked: false, reason: "frozen" });
    expect(await clean(session)).toMatchObject({ reason: "frozen" });
    await switchboard().lift({ ...own, id: null });
    expect(await clean(session)).toMatchObject({ decision: "allow" });
  });

  test("a kill that comes while the place is asked for is seen", async () => {
    const gate = holdNext("reserve.after");
    const asking = askForRole(session);
    await gate.arrived();
    await switchboard().flip(flip("agent", bot));
    gate.open();
    expect(await asking).toMatchObject({ asked: false, reason: "killed" });
    await eventually(async () =>
      expect(await agentObject(bot).pendingApprovals({ sequence: 1 })).toMatchObject({ approvals: [] }),
    );
    expect((await recordsOf(session)).at(-1)?.record).toMatchObject({ kind: "elevation.refused", reason: "killed" });
  });

  test("a vote by somebody whom nobody named is none", async () => {
    const id = await asked(session);
    expect(await voteOn(session, id, { voter: operator })).toMatchObject({ refused: "not_found" });
    expect(await voteOn(session, id, { request_digest: `sha256:${"2".repeat(64)}` })).toMatchObject({
      refused: "conflict",
    });
    expect(await voteOn(session, id, { voter: ana })).toMatchObject({ status: "used" });
  });
});
