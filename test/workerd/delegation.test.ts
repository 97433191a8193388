/** A session below another: how it opens, what it shares with those above, and how it ends with them. */
import { describe, expect, test, vi } from "vitest";
import {
  callerOf,
  granting,
  openBelow,
  redeem,
  sessionBelow,
  ticketFor,
  eachChainAlone,
  lead,
  reader,
  writer,
} from "./delegating.ts";
import { asked, voteOn } from "./elevating.ts";
import { kindsOf, recordsOf } from "./records-of.ts";
import { agentObject, allowing, limitRow, openSession, remainder, row, rule, UNIT, unique } from "./requests.ts";

eachChainAlone();

const HOUR = 3_600_000;
const FORBIDDEN = { refused: "forbidden" };

const untrusted = allowing({ yields: [{ label: "untrusted", holds: true }] });
const tainted = remainder([row(rule("allow")), row(rule("never"), { op: "session_has", label: "untrusted" })]);
const perSession = limitRow({ n: 2n * UNIT });

describe("a ticket", () => {
  test("opens one session of the agent it is for, below the one that asked", async () => {
    const root = await openSession(lead);
    const below = await openBelow(root, writer);
    expect(below.id).toBe(`${root.id}.1`);
    expect(await below.answer()).toMatchObject({ decision: "allow" });
    expect(await below.rpc.state(callerOf(below))).toMatchObject({ id: below.id, agent: writer, depth: 1 });
    expect(await agentObject(writer).sessions({ sequence: 1, limit: 10 })).toMatchObject({
      sessions: [{ id: below.id, ended_at: null, chain: below.chain }],
    });
  });

  test("is good once", async () => {
    const root = await openSession(lead);
    const ticket = await ticketFor(root, writer);
    expect(await redeem(root, writer, ticket)).toMatchObject({ opened: true });
    expect(await redeem(root, writer, ticket)).toMatchObject(FORBIDDEN);
    expect(await root.rpc.ticket({ sequence: 1, ticket, agent: writer })).toMatchObject(FORBIDDEN);
  });

  test("used by several at the same time opens one", async () => {
    const root = await openSession(lead);
    const ticket = await ticketFor(root, writer);
    const outputs = await Promise.all([1, 2, 3].map(() => redeem(root, writer, ticket)));
    expect(outputs.filter((output) => "opened" in output && output.opened)).toHaveLength(1);
    expect(await agentObject(writer).sessions({ sequence: 1, limit: 10 })).toHaveProperty("sessions.length", 1);
  });

  test("is for one agent and one place: another agent or another chain is refused, and it stays good", async () => {
    const root = await openSession(lead);
    const ticket = await ticketFor(root, writer);
    expect(await redeem(root, reader, ticket)).toMatchObject(FORBIDDEN);
    const above = [{ session: root.id, agent: reader }];
    expect(await redeem(root, writer, ticket, { above })).toMatchObject(FORBIDDEN);
    const elsewhere = await openSession(unique("lead"));
    expect(await redeem(elsewhere, writer, ticket)).toMatchObject(FORBIDDEN);
    expect(await redeem(root, writer, ticket)).toMatchObject({ opened: true });
  });

  test("is good for a minute", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const root = await openSession(lead, { lease: 120_000 });
    const [early, late] = [await ticketFor(root, writer), await ticketFor(root, reader)];
    vi.setSystemTime(Date.now() + 59_999);
    expect(await redeem(root, writer, early)).toMatchObject({ opened: true });
    vi.setSystemTime(Date.now() + 1);
    expect(await redeem(root, reader, late)).toMatchObject(FORBIDDEN);
  });

  test("isn't used up where the opening is refused", async () => {
    const root = await openSession(lead);
    const ticket = await ticketFor(root, writer);
    const never = remainder([row(rule("allow")), row(rule("never"))], {
      callers: granting([{ session: "", agent: lead }]),
    });
    expect(await redeem(root, writer, ticket, { opening: never })).toMatchObject({ opened: false, reason: "rule" });
    expect(await redeem(root, writer, ticket)).toMatchObject({ opened: true });
  });

  test("opens what the session below may, whatever role the one above has gained", async () => {
    const root = await openSession(lead);
    expect(await voteOn(root, await asked(root))).toMatchObject({ status: "used" });
    const rows = [row(rule("allow")), row(rule("never"), true, { role: "cleaner" })];
    const opening = remainder(rows, { callers: granting([{ session: "", agent: lead }]) });
    expect(await redeem(root, writer, await ticketFor(root, writer), { opening })).toMatchObject({ opened: true });
  });

  test("takes a credential of the agent below that wasn't used before", async () => {
    const root = await openSession(lead);
    const credential = { key: unique("credential"), expires: Date.now() + HOUR };
    expect(await redeem(root, writer, await ticketFor(root, writer), { credential })).toMatchObject({ opened: true });
    const again = await redeem(root, writer, await ticketFor(root, writer), { credential });
    expect(again).toEqual({ refused: "replayed_credential" });
  });

  test("is kept as a hash alone", async () => {
    const root = await openSession(lead);
    const ticket = await ticketFor(root, writer);
    const lines = await recordsOf(root);
    expect(kindsOf(lines)).toEqual(["session.opened", "session.delegated"]);
    expect(JSON.stringify(lines)).not.toContain(ticket);
  });
});

describe("a tree", () => {
  test("has each agent once in a chain", async () => {
    const root = await openSession(lead);
    const below = await openBelow(root, writer);
    const ask = { ...callerOf(below), to: lead, lease: 10_000 };
    expect(await below.rpc.delegate(ask)).toMatchObject({ refused: "conflict" });
  });

  test("is four deep at most", async () => {
    let at: Parameters<typeof openBelow>[0] = await openSession(lead);
    for (let depth = 1; depth < 4; depth += 1) at = await openBelow(at, unique("deep"));
    expect(await at.rpc.delegate({ ...callerOf(at), to: writer, lease: 10_000 })).toMatchObject({
      refused: "conflict",
    });
  });

  test("has thirty-two sessions at most, with those that ended and those about to open", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const root = await openSession(lead, { lease: HOUR });
    const limits = [limitRow({ per: "agent", n: 100n * UNIT, window: HOUR })];
    const opening = allowing({ limits, callers: granting([{ session: "", agent: lead }]) });
    for (let count = 1; count < 31; count += 1) {
      // Asking for tickets counts as asking.
      vi.setSystemTime(Date.now() + 100);
      const below = await openBelow(root, writer, { opening });
      await below.rpc.close(callerOf(below));
    }
    const last = await ticketFor(root, writer);
    expect(await root.rpc.delegate({ ...callerOf(root), to: writer, lease: 10_000 })).toMatchObject({
      refused: "conflict",
    });
    expect(await redeem(root, writer, last, { opening })).toMatchObject({ opened: true });
    expect(await root.rpc.delegate({ ...callerOf(root), to: writer, lease: 10_000 })).toMatchObject({
      refused: "conflict",
    });
  });

  test("has one set of labels, counts and history, whoever adds to it", async () => {
    const root = await openSession(lead);
    const below = await openBelow(root, writer, { starts_with: ["woken"] });
    await below.answer({ remainder: untrusted });
    expect(await root.answer({ remainder: tainted })).toMatchObject({ decision: "deny", tier: "never" });
    expect(await root.rpc.state(callerOf(root))).toMatchObject({ labels: ["untrusted", "woken"], calls: 1 });
    const limited = allowing({ limits: [perSession] });
    expect(await root.answer({ remainder: limited })).toMatchObject({ decision: "allow" });
    expect(await below.answer({ remainder: limited })).toMatchObject({ decision: "allow" });
    expect(await below.answer({ remainder: limited })).toMatchObject({ reason: "limit_exceeded" });
    const did = row(rule("never"), { op: "session_did", action: "crm.read", same: null, within: null });
    expect(await below.answer({ remainder: remainder([row(rule("allow")), did]) })).toMatchObject({ tier: "never" });
  });

  test("counts the root's age and calls in a session below", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const root = await openSession(lead, { lease: HOUR });
    await root.answer();
    vi.setSystemTime(Date.now() + 60_000);
    const below = await openBelow(root, writer, { lease: HOUR });
    const old = { op: "session_compare", fact: "session.age", by: ">=", value: 60_000 } as const;
    const busy = { op: "session_compare", fact: "session.calls", by: "==", value: 1 } as const;
    const change = { settings: { lease: HOUR, idle: HOUR } };
    expect(await below.answer({ remainder: remainder([row(rule("allow"), old)]), change })).toMatchObject({
      decision: "allow",
    });
    expect(await root.answer({ remainder: remainder([row(rule("allow"), busy)]), change })).toMatchObject({
      reason: "no_rule",
    });
  });

  test("has one log, in which each record names its session, chain and agent", async () => {
    const root = await openSession(lead);
    const below = await openBelow(root, writer);
    await below.answer();
    const opened = (await recordsOf(root)).map(({ record }) => record);
    expect(opened.map(({ kind, session }) => [kind, session])).toEqual([
      ["session.opened", root.id],
      ["session.delegated", root.id],
      ["session.opened", below.id],
      ["decision", below.id],
    ]);
    expect(opened[2]).toMatchObject({ above: root.id, chain: [lead, writer], agent: writer });
    expect(opened[3]).toMatchObject({ chain: [lead, writer], agent: writer });
    expect((await below.rpc.records({ sequence: 1, after: 0, limit: 10 })) as object).toHaveProperty("lines.length", 4);
  });

  test("keeps its requests apart: one id in two sessions is two requests", async () => {
    const root = await openSession(lead);
    const below = await openBelow(root, writer);
    const mine = await root.answer({ request_id: "r-1" });
    const theirs = await below.answer({ request_id: "r-1" });
    expect(theirs.decision_id).not.toBe(mine.decision_id);
    expect((await below.answer({ request_id: "r-1" })).decision_id).toBe(theirs.decision_id);
    expect((await root.answer({ request_id: "r-1" })).decision_id).toBe(mine.decision_id);
  });

  test("floods as one, and freezes at its root", async () => {
    const root = await openSession(lead);
    const below = await openBelow(root, writer);
    const asked = await Promise.all(Array.from({ length: 210 }, (_, at) => (at % 2 === 0 ? root : below).ask()));
    expect(asked.filter((output) => "answer" in output).length).toBeLessThanOrEqual(21);
    expect(await below.rpc.state(callerOf(below))).toMatchObject({ status: "frozen" });
    expect(await root.rpc.state(callerOf(root))).toMatchObject({ status: "frozen" });
  });
});

describe("who asks", () => {
  test("is the member of the token's chain, or nobody", async () => {
    const root = await openSession(lead);
    const below = await openBelow(root, writer);
    const chains = [
      below.chain.slice(1),
      [...below.chain].toReversed(),
      [
        { session: root.id, agent: reader },
        { session: below.id, agent: writer },
      ],
      [...below.chain, { session: `${root.id}.2`, agent: reader }],
    ];
    for (const chain of chains) {
      expect(await below.ask({ change: { chain } })).toMatchObject(FORBIDDEN);
      expect(await below.rpc.state({ ...callerOf(below), chain })).toMatchObject(FORBIDDEN);
    }
    expect(await below.ask({ change: { agent: lead } })).toMatchObject(FORBIDDEN);
    expect(await below.rpc.close({ sequence: 1, agent: writer, session: below.id })).toMatchObject(FORBIDDEN);
    const never = sessionBelow(root, `${root.id}.7`, writer);
    expect(await never.ask()).toMatchObject({ refused: "not_found" });
    expect(await never.rpc.state(callerOf(never))).toMatchObject(FORBIDDEN);
  });

  test("is denied where the callers weren't asked", async () => {
    const root = await openSession(lead);
    const below = await openBelow(root, writer);
    const unasked = { ...allowing({ agent: writer }), callers: [] };
    const answer = await below.answer({ change: { remainder: unasked } });
    expect(answer).toMatchObject({ decision: "deny", reason: "overloaded" });
  });

  test("may do only what every caller lets it", async () => {
    const root = await openSession(lead);
    const below = await openBelow(root, writer);
    const callers = [{ agent: lead, granted: false as const }];
    expect(await below.answer({ remainder: allowing({ callers }) })).toMatchObject({ reason: "not_delegated" });
  });
});

describe("limits of a chain", () => {
  test("that every agent has by itself are told of the one that is full, and when it admits again", async () => {
    const root = await openSession(lead);
    const below = await openBelow(root, writer);
    const common = { id: "l_every", counter: "c_every", per: "agent", window: HOUR } as const;
    const limits = [limitRow({ ...common, n: 2n * UNIT }), limitRow({ ...common, n: 2n * UNIT, agent: lead })];
    const own = allowing({ limits: [limitRow({ ...common, n: 2n * UNIT })] });
    for (const _ of [1, 2]) expect(await root.answer({ remainder: own })).toMatchObject({ decision: "allow" });
    const answer = await below.answer({ remainder: allowing({ limits }) });
    expect(answer).toMatchObject({
      decision: "deny",
      reason: "limit_exceeded",
      limits: [{ id: "l_every", agent: lead, remaining: "0" }],
    });
    expect(answer.retry_after).toBeGreaterThan(0);
  });

  test("each agent pays its own, at its own object", async () => {
    const root = await openSession(lead);
    const below = await openBelow(root, writer);
    const common = { per: "agent", window: HOUR } as const;
    const mine = limitRow({ ...common, id: "l_mine", counter: "c_mine", n: 5n * UNIT });
    const callers = limitRow({ ...common, id: "l_lead", counter: "c_lead", n: 2n * UNIT, agent: lead });
    const both = allowing({ limits: [mine, callers] });
    expect(await below.answer({ remainder: both })).toMatchObject({ decision: "allow" });
    const own = allowing({ limits: [limitRow({ ...common, id: "l_lead", counter: "c_lead", n: 2n * UNIT })] });
    expect(await root.answer({ remainder: own })).toMatchObject({ decision: "allow" });
    expect(await below.answer({ remainder: both })).toMatchObject({ reason: "limit_exceeded" });
    const seen = await below.rpc.state(callerOf(below));
    expect(seen).toMatchObject({
      limits: [
        { id: "l_lead", remaining: "0" },
        { id: "l_mine", remaining: "4" },
      ],
    });
    expect(await root.rpc.state(callerOf(root))).toMatchObject({ limits: [{ id: "l_lead", remaining: "0" }] });
  });

  test("opening below spends those of callers", async () => {
    const callers = granting([{ session: "", agent: lead }]);
    const counted = (limit: object) =>
      allowing({ limits: [limitRow({ id: "l_open", counter: "c_open", ...limit })], callers });
    const root = await openSession(lead);
    const ofCaller = { opening: counted({ per: "agent", agent: lead, n: UNIT, window: HOUR }) };
    await openBelow(root, reader, ofCaller);
    const other = await openSession(lead);
    expect(await redeem(other, reader, await ticketFor(other, reader), ofCaller)).toMatchObject({
      opened: false,
      reason: "limit_exceeded",
    });
  });

  test("ten sessions of an agent are open at most, wherever they stand", async () => {
    const root = await openSession(lead);
    for (let count = 0; count < 10; count += 1) await openBelow(root, writer);
    const refused = await redeem(root, writer, await ticketFor(root, writer));
    expect(refused).toMatchObject({ opened: false, reason: "limit_exceeded" });
  });
});
