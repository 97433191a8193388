/** What is asked in a session below another, and how it ends with those above. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { rootOf } from "../../edge/ids.ts";
import { callerOf, openBelow, eachChainAlone, lead, reader, writer } from "./delegating.ts";
import { eventually } from "./eventually.ts";
import { recordsOf } from "./records-of.ts";
import { agentObject, ana, approval, asking, bindings, type OpenSession, openSession, unique } from "./requests.ts";
import { vote } from "./approving.ts";

eachChainAlone();

const HOUR = 3_600_000;
const FORBIDDEN = { refused: "forbidden" };

const ring = (id: string) => runDurableObjectAlarm(bindings.SESSION.get(bindings.SESSION.idFromName(rootOf(id))));

describe("approvals below", () => {
  test("are the asking session's: no other sees, uses or withdraws them", async () => {
    const root = await openSession(lead);
    const below = await openBelow(root, writer);
    const asked = await below.answer({ remainder: asking() });
    const id = asked.approval?.id ?? "";
    expect(await root.rpc.waitApproval({ ...callerOf(root), approval: id, wait: 0 })).toEqual({ refused: "not_found" });
    expect(await root.rpc.withdrawApproval({ ...callerOf(root), approval: id })).toEqual({ refused: "not_found" });
    expect(await vote(below, asked)).toMatchObject({ status: "approved", session: below.id, chain: [lead, writer] });
    expect(await root.answer({ remainder: asking(), approval: id })).toMatchObject({ reason: "approval_mismatch" });
    expect(await below.answer({ remainder: asking(), approval: id })).toMatchObject({ decision: "allow" });
  });

  test("wait three at most in the whole tree", async () => {
    const root = await openSession(lead);
    const below = await openBelow(root, writer);
    for (const [at, session] of [root, below, root].entries())
      expect(await session.answer({ remainder: asking(), args: { at } })).toMatchObject({ decision: "ask" });
    expect(await below.answer({ remainder: asking(), args: { at: 3 } })).toMatchObject({ reason: "approval_backlog" });
    const pending = await agentObject(writer).pendingApprovals({ sequence: 1 });
    expect(pending).toMatchObject({ approvals: [{ session: below.id }] });
  });

  test("shut out the owners of every agent above, where owners are shut out", async () => {
    const root = await openSession(lead);
    const below = await openBelow(root, writer);
    const strict = approval("finance_pair", { excluding_owners: true });
    const asked = await below.answer({ remainder: asking(["finance_pair"], [strict]) });
    const ballot = {
      sequence: 1,
      approval: asked.approval?.id ?? "",
      voter: ana,
      approvals: [strict],
      groups: [{ name: "finance", members: ["ana@acme.example"], claim: null }],
      owner: "writers",
      decision: "approve" as const,
      reason: null,
      request_digest: asked.request_digest,
    };
    expect(await below.rpc.vote({ ...ballot, owners: ["ana@acme.example", "writers"] })).toMatchObject(FORBIDDEN);
    expect(await below.rpc.vote({ ...ballot, owners: ["writers"] })).toMatchObject({ status: "approved" });
  });

  test("outlive nothing above: closing a session cancels what is asked below it", async () => {
    const root = await openSession(lead);
    const below = await openBelow(root, writer);
    const asked = await below.answer({ remainder: asking() });
    await root.rpc.close(callerOf(root));
    const view = await below.rpc.viewApproval({ sequence: 1, approval: asked.approval?.id ?? "" });
    expect(view).toMatchObject({ status: "cancelled" });
    await eventually(async () =>
      expect(await agentObject(writer).pendingApprovals({ sequence: 1 })).toEqual({ approvals: [] }),
    );
  });
});

describe("the end", () => {
  const kinds = async (session: OpenSession) =>
    (await recordsOf(session)).map(({ record }) => [record.kind, record.session]).slice(-3);

  test("of a session is the end of all below it, and of nothing beside it", async () => {
    const root = await openSession(lead);
    const [left, right] = [await openBelow(root, writer), await openBelow(root, reader)];
    const lowest = await openBelow(left, unique("lowest"));
    await left.rpc.close(callerOf(left));
    expect(await lowest.answer()).toMatchObject({ reason: "session_expired" });
    expect(await left.answer()).toMatchObject({ reason: "session_expired" });
    expect(await right.answer()).toMatchObject({ decision: "allow" });
    expect(await root.answer()).toMatchObject({ decision: "allow" });
    await eventually(async () => {
      for (const agent of [writer, lowest.agent])
        expect(await agentObject(agent).sessions({ sequence: 1, limit: 1 })).toMatchObject({
          sessions: [{ ended_at: expect.any(Number) as number }],
        });
    });
  });

  test("of the root is recorded for each, the lowest first", async () => {
    const root = await openSession(lead);
    const below = await openBelow(root, writer);
    const lowest = await openBelow(below, reader);
    await root.rpc.close(callerOf(root));
    expect(await kinds(root)).toEqual([
      ["session.closed", lowest.id],
      ["session.closed", below.id],
      ["session.closed", root.id],
    ]);
    expect((await recordsOf(root)).at(-2)?.record).toMatchObject({ with: root.id });
  });

  test("of a lifetime is that of the session above at the latest", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const root = await openSession(lead, { lifetime: 10_000, lease: HOUR });
    const below = await openBelow(root, writer, { lifetime: HOUR });
    const shorter = await openBelow(root, reader, { lifetime: 4_000 });
    const opened = Date.now();
    expect(await below.rpc.state(callerOf(below))).toMatchObject({ expires_at: opened + 10_000 });
    vi.setSystemTime(opened + 4_000);
    expect(await shorter.answer()).toMatchObject({ reason: "session_expired" });
    expect(await below.answer()).toMatchObject({ decision: "allow" });
    vi.setSystemTime(opened + 10_000);
    expect(await below.answer()).toMatchObject({ reason: "session_expired" });
    await ring(root.id);
    expect(await kinds(root)).toContainEqual(["session.expired", below.id]);
  });

  test("comes by idling, from which work below keeps those above, but not those beside", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const change = { settings: { lease: HOUR, idle: 10_000 } };
    const root = await openSession(lead, { idle: 10_000, lease: HOUR });
    const [left, right] = [
      await openBelow(root, writer, { idle: 10_000, lease: HOUR }),
      await openBelow(root, reader, { idle: 10_000, lease: HOUR }),
    ];
    for (let step = 0; step < 3; step += 1) {
      vi.setSystemTime(Date.now() + 6_000);
      expect(await left.answer({ change })).toMatchObject({ decision: "allow" });
    }
    expect(await right.answer({ change })).toMatchObject({ reason: "session_expired" });
    expect(await root.answer({ change })).toMatchObject({ decision: "allow" });
    vi.setSystemTime(Date.now() + 5_000);
    await root.answer({ change });
    vi.setSystemTime(Date.now() + 5_000);
    await ring(root.id);
    expect(await left.rpc.state(callerOf(left))).toMatchObject({ status: "expired" });
    expect(await root.rpc.state(callerOf(root))).toMatchObject({ status: "open" });
  });

  test("waits for a question that is asked below", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const root = await openSession(lead, { idle: 10_000, lease: HOUR });
    const below = await openBelow(root, writer, { idle: 10_000, lease: HOUR });
    const change = { settings: { lease: HOUR, idle: 10_000 } };
    await below.answer({ remainder: asking(), change });
    vi.setSystemTime(Date.now() + 60_000);
    await ring(root.id);
    expect(await below.rpc.state(callerOf(below))).toMatchObject({ status: "open" });
    expect(await root.rpc.state(callerOf(root))).toMatchObject({ status: "open" });
  });
});
