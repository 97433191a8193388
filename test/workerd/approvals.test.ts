import { describe, expect, test, vi } from "vitest";
import { use, vote } from "./approving.ts";
import { eachAlone } from "./each-alone.ts";
import { askForRole } from "./elevating.ts";
import { eventually } from "./eventually.ts";
import { kindsOf, recordsOf } from "./records-of.ts";
import {
  agentObject,
  approval,
  asking,
  li,
  limitRow,
  openSession,
  operator,
  person,
  sessionObject,
  switchboard,
  unique,
} from "./requests.ts";

let bot = "";

eachAlone(() => {
  bot = unique("bot");
});

const MINUTE = 60_000;

describe("the way of an approval", () => {
  test("asked, given, used once and refused the second time", async () => {
    const session = await openSession(bot);
    const asked = await session.answer({ remainder: asking() });
    expect(asked).toMatchObject({ decision: "ask", approval: { status: "pending" }, permit: null });
    expect(await use(session, asked)).toMatchObject({ decision: "ask", approval: { id: asked.approval?.id } });
    expect(await vote(session, asked)).toMatchObject({ status: "approved", needs: [{ votes: 1, quorum: 1 }] });
    expect(await use(session, asked)).toMatchObject({ decision: "allow", tier: "ask", approval: { status: "used" } });
    expect(await use(session, asked)).toMatchObject({ decision: "deny", reason: "approval_used" });
    expect(kindsOf(await recordsOf(session))).toEqual([
      "session.opened",
      "decision",
      "approval.asked",
      "decision",
      "approval.voted",
      "decision",
      "approval.used",
      "decision",
    ]);
  });

  test("two parallel uses: one is admitted", async () => {
    const session = await openSession(bot);
    const asked = await session.answer({ remainder: asking() });
    await vote(session, asked);
    const limited = { ...asking(), limits: [limitRow({ per: "agent", counter: "c_agent", window: MINUTE })] };
    const answers = await Promise.all([0, 1, 2, 3].map(() => use(session, asked, limited)));
    expect(answers.map((answer) => answer.reason).toSorted()).toEqual([
      "approval_used",
      "approval_used",
      "approval_used",
      "rule",
    ]);
  });

  test("it is good for nothing but what was asked", async () => {
    const [session, other] = [await openSession(bot), await openSession(bot)];
    const asked = await session.answer({ remainder: asking() });
    await vote(session, asked);
    const mismatch = { decision: "deny", reason: "approval_mismatch" };
    expect(await use(session, asked, asking(), { args: { id: "c-2" } })).toMatchObject(mismatch);
    expect(await use(session, asked, { ...asking(), action: "crm.write" })).toMatchObject(mismatch);
    expect(await use(session, asked, { ...asking(), resources: ["crm/c-2"] })).toMatchObject(mismatch);
    expect(await use(other, asked)).toMatchObject(mismatch);
    expect(await session.answer({ remainder: asking(), approval: "apr_nonsense" })).toMatchObject(mismatch);
    expect((await use(session, asked)).decision).toBe("allow");
  });

  test("asking the same again leads to the same approval, and more than three at once are refused", async () => {
    const session = await openSession(bot);
    const about = (id: string) => session.answer({ remainder: asking(), args: { id } });
    const first = await about("1");
    expect((await about("1")).approval?.id).toBe(first.approval?.id);
    await about("2");
    await about("3");
    expect(await about("4")).toMatchObject({ decision: "deny", reason: "approval_backlog" });
    await vote(session, first);
    expect((await about("4")).decision).toBe("ask");
  });

  test("an agent has at most twenty pending through all its sessions, and a place comes free when one is decided", async () => {
    const sessions = await Promise.all(Array.from({ length: 8 }, () => openSession(bot)));
    const asked = [];
    for (const session of sessions)
      for (const id of ["1", "2", "3"])
        asked.push({ session, answer: await session.answer({ remainder: asking(), args: { id } }) });
    const reasons = asked.map(({ answer }) => answer.reason);
    expect(reasons.filter((reason) => reason === "rule")).toHaveLength(20);
    expect(reasons.slice(20)).toEqual(Array.from({ length: 4 }, () => "approval_backlog"));
    const [first] = asked;
    if (first === undefined) throw new Error("nothing was asked");
    await vote(first.session, first.answer, { decision: "deny" });
    const again = () => sessions[7]?.answer({ remainder: asking(), args: { id: "again" } });
    await eventually(async () => expect((await again())?.decision).toBe("ask"));
  });

  test("what a person denied stays denied in that session", async () => {
    const session = await openSession(bot);
    const asked = await session.answer({ remainder: asking() });
    expect(await vote(session, asked, { decision: "deny", reason: "not this one" })).toMatchObject({
      status: "denied",
    });
    const denied = { decision: "deny", reason: "approval_denied", message: expect.stringContaining("not this one") };
    expect(await use(session, asked)).toMatchObject(denied);
    expect(await session.answer({ remainder: asking() })).toMatchObject(denied);
    expect((await session.answer({ remainder: asking(), args: { id: "c-2" } })).decision).toBe("ask");
    expect(await vote(session, asked)).toMatchObject({ refused: "conflict" });
  });

  test("arguments that nobody could review aren't asked about", async () => {
    const session = await openSession(bot);
    const answer = await session.answer({ remainder: asking(), change: { reviewable: false } });
    expect(answer).toMatchObject({ decision: "deny", reason: "too_large_to_review" });
  });

  test("the approver is shown the whole request, arguments as they are", async () => {
    const session = await openSession(bot, { task: "look up c-1" });
    const asked = await session.answer({ remainder: asking(), change: { intent: "because" } });
    const view = await session.rpc.viewApproval({ sequence: 1, approval: asked.approval?.id ?? "" });
    expect(view).toMatchObject({ args: '{"id":"c-1"}', intent: "because", task: "look up c-1", action: "crm.read" });
  });
});

describe("people", () => {
  test("a stranger finds nothing, whoever asked is shut out, and an owner where owners are excluded", async () => {
    const requester = { id: "ana@acme.example", email: "ana@acme.example", claims: {} };
    const session = await openSession(bot, { requester });
    const asked = await session.answer({ remainder: asking() });
    expect(await vote(session, asked, { voter: person("eve@acme.example") })).toEqual({ refused: "not_found" });
    expect(await vote(session, asked)).toMatchObject({ refused: "forbidden" });
    const definitions = [approval("finance_pair", { excluding_owners: true })];
    expect(await vote(session, asked, { voter: li, definitions, owner: "finance" })).toMatchObject({
      refused: "forbidden",
    });
    expect(await vote(session, asked, { voter: li, definitions, owner: "bo@acme.example" })).toMatchObject({
      status: "approved",
    });
  });

  test("a vote on another digest than that of the request decides nothing", async () => {
    const session = await openSession(bot);
    const asked = await session.answer({ remainder: asking() });
    expect(await vote(session, asked, { digest: "sha256:00" })).toMatchObject({ refused: "conflict" });
    expect(await use(session, asked)).toMatchObject({ decision: "ask" });
  });

  test("a required reason is required", async () => {
    const session = await openSession(bot);
    const asked = await session.answer({ remainder: asking() });
    const definitions = [approval("finance_pair", { reason_required: true })];
    expect(await vote(session, asked, { definitions, reason: " " })).toMatchObject({ refused: "forbidden" });
    expect(await vote(session, asked, { definitions, reason: "checked" })).toMatchObject({ status: "approved" });
  });

  test("a quorum of two takes two people, and one who votes twice is one", async () => {
    const session = await openSession(bot);
    const definitions = [approval("finance_pair", { quorum: 2 })];
    const asks = asking(["finance_pair"], definitions);
    const asked = await session.answer({ remainder: asks });
    expect(await vote(session, asked, { definitions })).toMatchObject({ status: "pending", needs: [{ votes: 1 }] });
    expect(await vote(session, asked, { definitions })).toMatchObject({ status: "pending", needs: [{ votes: 1 }] });
    expect(await vote(session, asked, { definitions, voter: li })).toMatchObject({ status: "approved" });
    expect((await use(session, asked, asks)).decision).toBe("allow");
  });

  test("two approvals of one request take two people, though each may give both", async () => {
    const session = await openSession(bot);
    const definitions = [approval("one"), approval("two")];
    const asks = asking(["one", "two"], definitions);
    const asked = await session.answer({ remainder: asks });
    expect(await vote(session, asked, { definitions })).toMatchObject({ status: "pending" });
    expect(await vote(session, asked, { definitions, voter: li })).toMatchObject({ status: "approved" });
    expect((await use(session, asked, asks)).decision).toBe("allow");
  });
});

describe("what ends one", () => {
  test("one that was withdrawn leaves its place a minute after it was asked, for actions and roles", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const session = await openSession(bot);
    const ask = (id: string) => session.answer({ remainder: asking(), args: { id } });
    for (const id of ["a", "b", "c"]) {
      const approval = (await ask(id)).approval?.id ?? "";
      await session.rpc.withdrawApproval({ sequence: 1, agent: bot, approval });
    }
    expect(await ask("d")).toMatchObject({ reason: "approval_backlog" });
    expect(await askForRole(session)).toMatchObject({ reason: "approval_backlog" });
    vi.setSystemTime(Date.now() + MINUTE);
    expect(await ask("d")).toMatchObject({ decision: "ask" });
    expect(await askForRole(session)).toMatchObject({ asked: true });
  });

  test("withdrawing, closing and freezing cancel what is pending; what was given outlives a freeze that is lifted", async () => {
    const session = await openSession(bot);
    const asked = await session.answer({ remainder: asking() });
    const given = await session.answer({ remainder: asking(), args: { id: "c-2" } });
    await vote(session, given);
    const name = { sequence: 1, scope: "session" as const, name: session.id, reason: "odd", by: operator };
    await switchboard().flip(name);
    expect(await vote(session, asked)).toMatchObject({ refused: "conflict" });
    await switchboard().lift({ ...name, reason: "fine again", id: null });
    expect(await use(session, asked)).toMatchObject({ reason: "approval_expired" });
    expect((await use(session, given, asking(), { args: { id: "c-2" } })).decision).toBe("allow");

    const third = await session.answer({ remainder: asking(), args: { id: "c-3" } });
    const id = third.approval?.id ?? "";
    expect(await session.rpc.withdrawApproval({ sequence: 1, agent: bot, approval: id })).toMatchObject({
      status: "cancelled",
    });
    await session.answer({ remainder: asking(), args: { id: "c-4" } });
    await session.rpc.close({ sequence: 1, agent: bot });
    await eventually(async () => {
      expect(await agentObject(bot).pendingApprovals({ sequence: 1 })).toEqual({ approvals: [] });
    });
  });

  test("an approval of one session isn't there for another", async () => {
    const [session, other] = [await openSession(bot), await openSession(bot)];
    const asked = await session.answer({ remainder: asking() });
    const id = asked.approval?.id ?? "";
    expect(await other.rpc.waitApproval({ sequence: 1, agent: bot, approval: id, wait: 0 })).toEqual({
      refused: "not_found",
    });
    expect(
      await sessionObject(session.id).waitApproval({ sequence: 1, agent: "cat", approval: id, wait: 0 }),
    ).toMatchObject({
      refused: "forbidden",
    });
    expect(await agentObject(bot).pendingApprovals({ sequence: 1 })).toMatchObject({
      approvals: [{ id, session: session.id }],
    });
  });
});
