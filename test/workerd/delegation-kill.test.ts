/** Kills, freezes and restarts while sessions below others are open, ask or are about to open. */
import { evictAllDurableObjects, runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { rootOf } from "../../edge/ids.ts";
import type { FlipInput } from "../../edge/rpc.ts";
import {
  type Below,
  callerOf,
  openBelow,
  redeem,
  sessionBelow,
  ticketFor,
  eachChainAlone,
  lead,
  reader,
  writer,
} from "./delegating.ts";
import { eventually } from "./eventually.ts";
import { cut, type Gate, holdNext, mend, resetGates } from "./gates.ts";
import { kindsOf, recordsOf } from "./records-of.ts";
import {
  agentObject,
  allowing,
  asking,
  bindings,
  limitRow,
  openSession,
  operator,
  switchboard,
  UNIT,
  unique,
} from "./requests.ts";

eachChainAlone();

const HOUR = 3_600_000;
const LEASE = 10_000;
const flip = (scope: FlipInput["scope"], name: string): FlipInput => ({
  sequence: 1,
  scope,
  name,
  reason: "odd",
  by: operator,
});
const perAgent = limitRow({ id: "l_agent", counter: "c_agent", per: "agent", n: 100n * UNIT, window: HOUR });
const awaiting = allowing({ limits: [perAgent] });

async function tree() {
  const root = await openSession(lead);
  const below = await openBelow(root, writer);
  return { root, below, lowest: await openBelow(below, reader) };
}

/** Starts a call that awaits at the gate, lets `meanwhile` happen, and lets it go on. */
async function during<T>(gate: Gate, call: () => Promise<T>, meanwhile: () => Promise<unknown>): Promise<T> {
  const held = holdNext(gate);
  const waiting = call();
  await held.arrived();
  await meanwhile();
  held.open();
  return waiting;
}

describe("while a request below awaits its reservation", () => {
  const cases: readonly (readonly [string, () => FlipInput, string])[] = [
    ["a kill of the root's agent", () => flip("agent", lead), "killed"],
    ["a kill of the agent in between", () => flip("agent", writer), "killed"],
    ["a kill of its own agent", () => flip("agent", reader), "killed"],
  ];
  test.for(cases)("%s is seen", async ([, input, reason]) => {
    const { lowest } = await tree();
    const answer = await during(
      "reserve.after",
      () => lowest.answer({ remainder: awaiting }),
      () => switchboard().flip(input()),
    );
    expect(answer).toMatchObject({ decision: "deny", reason });
    const spent = await agentObject(reader).reserve({
      sequence: 1,
      session: "looks",
      reservation: "look",
      reserve: false,
      items: [{ limit: perAgent, beyond: false }],
      approval: null,
    });
    await eventually(() => expect(spent).toMatchObject({ items: [{ used: 0n }] }));
  });

  test("a freeze of one above is seen, and so is its end", async () => {
    const one = await tree();
    const frozen = await during(
      "reserve.after",
      () => one.lowest.answer({ remainder: awaiting }),
      () => switchboard().flip(flip("session", one.below.id)),
    );
    expect(frozen).toMatchObject({ decision: "deny", reason: "frozen" });
    const other = await tree();
    const ended = await during(
      "reserve.after",
      () => other.lowest.answer({ remainder: awaiting }),
      () => other.below.rpc.close(callerOf(other.below)),
    );
    expect(ended).toMatchObject({ decision: "deny", reason: "session_expired" });
  });
});

describe("while a session below is admitted", () => {
  const opening = async (meanwhile: (above: Below) => Promise<unknown>) => {
    const root = await openSession(lead);
    const above = await openBelow(root, writer);
    const ticket = await ticketFor(above, reader);
    const output = await during(
      "admit.after",
      () => redeem(above, reader, ticket),
      () => meanwhile(above),
    );
    return { above, ticket, output };
  };

  test("a kill of one above is seen, and nothing opens", async () => {
    const { output } = await opening(() => switchboard().flip(flip("agent", lead)));
    expect(output).toMatchObject({ opened: false, reason: "killed" });
  });

  test("a kill of its own agent is seen", async () => {
    const { output } = await opening(() => switchboard().flip(flip("agent", reader)));
    expect(output).toMatchObject({ opened: false, reason: "killed" });
  });

  test("the end of the session above is seen", async () => {
    const { output } = await opening((above) => above.rpc.close(callerOf(above)));
    expect(output).toMatchObject({ opened: false, reason: "session_expired" });
  });

  test("the same ticket opens nothing else", async () => {
    let second: unknown = null;
    const root = await openSession(lead);
    const ticket = await ticketFor(root, writer);
    const first = await during(
      "admit.after",
      () => redeem(root, writer, ticket),
      async () => {
        second = await redeem(root, writer, ticket);
      },
    );
    expect(first).toMatchObject({ opened: true });
    expect(second).toMatchObject({ refused: "forbidden" });
  });

  test("whose answer is lost, the ticket stays good and opens the very session that was admitted", async () => {
    const root = await openSession(lead);
    const ticket = await ticketFor(root, writer);
    cut("admit.after");
    const credential = { key: unique("credential"), expires: Date.now() + HOUR };
    expect(await redeem(root, writer, ticket, { credential })).toMatchObject({ opened: false, reason: "overloaded" });
    mend("admit.after");
    expect(await redeem(root, writer, ticket, { credential })).toEqual({ refused: "replayed_credential" });
    expect(await redeem(root, writer, ticket)).toMatchObject({ opened: true });
    expect(await agentObject(writer).sessions({ sequence: 1, limit: 10 })).toHaveProperty("sessions.length", 1);
  });
});

describe("a switch", () => {
  test("is recorded for each session that it stops, and cancels what they ask", async () => {
    const { root, below, lowest } = await tree();
    const asked = await lowest.answer({ remainder: asking() });
    await switchboard().flip(flip("agent", writer));
    const lines = await recordsOf(root);
    const frozen = lines.flatMap(({ record }) => (record.kind === "session.frozen" ? [record.session] : []));
    expect(frozen).toEqual([below.id, lowest.id]);
    expect(await lowest.rpc.viewApproval({ sequence: 1, approval: asked.approval?.id ?? "" })).toMatchObject({
      status: "cancelled",
    });
    expect(await root.answer()).toMatchObject({ decision: "allow" });
    expect(await below.answer()).toMatchObject({ reason: "killed" });
  });

  test("for a session below stops it and what is below it, and the lift lets them go on", async () => {
    const { root, below, lowest } = await tree();
    expect(await switchboard().flip(flip("session", below.id))).toMatchObject({ sessions_reached: 1 });
    expect([await root.answer(), await below.answer(), await lowest.answer()]).toMatchObject([
      { decision: "allow" },
      { reason: "frozen" },
      { reason: "frozen" },
    ]);
    await switchboard().lift({ ...flip("session", below.id), reason: "looked into it", id: null });
    expect(await lowest.answer()).toMatchObject({ decision: "allow" });
  });

  test("for a role or an action stops what is asked below too", async () => {
    const { below } = await tree();
    await switchboard().flip(flip("action", "crm.read"));
    expect(await below.answer()).toMatchObject({ decision: "deny", reason: "killed" });
    await switchboard().lift({ ...flip("action", "crm.read"), reason: "looked into it", id: null });
    await eventually(async () => expect(await below.answer()).toMatchObject({ decision: "allow" }));
  });

  test("that a new session below brings along is heard by those beside it", async () => {
    const { root, below } = await tree();
    const asked = await below.answer({ remainder: asking() });
    cut("session.learn");
    await switchboard().flip(flip("action", "crm.read"));
    const next = await openBelow(root, writer);
    expect(await below.rpc.viewApproval({ sequence: 1, approval: asked.approval?.id ?? "" })).toMatchObject({
      status: "cancelled",
    });
    const lines = (await recordsOf(root)).filter(({ record }) => record.kind === "session.restricted");
    expect(lines.map(({ record }) => record.session)).toEqual(expect.arrayContaining([below.id, next.id]));
    mend("session.learn");
    await switchboard().lift({ ...flip("action", "crm.read"), reason: "looked into it", id: null });
  });

  test.for(["root", "middle", "own"] as const)(
    "whose push is lost holds by the lease of the %s agent",
    async (which) => {
      vi.useFakeTimers({ toFake: ["Date"] });
      const { lowest } = await tree();
      cut("session.learn");
      await switchboard().flip(flip("agent", { root: lead, middle: writer, own: reader }[which]));
      vi.setSystemTime(Date.now() + LEASE);
      expect(await lowest.answer()).toMatchObject({ decision: "deny" });
      vi.setSystemTime(Date.now() + LEASE);
      expect(await lowest.answer()).toMatchObject({ decision: "deny", reason: "killed" });
    },
  );

  test("for a session below whose push is lost travels with its agent's lease", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { root, below, lowest } = await tree();
    cut("session.learn");
    await switchboard().flip(flip("session", below.id));
    vi.setSystemTime(Date.now() + LEASE);
    await Promise.all([lowest.answer(), root.answer()]);
    vi.setSystemTime(Date.now() + LEASE);
    expect(await lowest.answer()).toMatchObject({ decision: "deny", reason: "frozen" });
    expect(await root.answer()).toMatchObject({ decision: "allow" });
  });

  test("without the object of an agent above, nothing is decided below once its lease is over", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { lowest } = await tree();
    cut("lease.before");
    vi.setSystemTime(Date.now() + LEASE);
    expect(await lowest.answer()).toMatchObject({ decision: "deny", reason: "overloaded" });
  });
});

describe("a restart", () => {
  test("changes nothing of a tree: chains, ends, tickets, approvals, stored answers", async () => {
    const { root, below, lowest } = await tree();
    await openBelow(root, reader).then((gone) => gone.rpc.close(callerOf(gone)));
    const ticket = await ticketFor(root, writer);
    const asked = await lowest.answer({ remainder: asking() });
    const before = await below.answer({ request_id: "r-1" });
    await evictAllDurableObjects();
    const again = sessionBelow(root, below.id, writer);
    expect((await again.answer({ request_id: "r-1" })).decision_id).toBe(before.decision_id);
    expect(await lowest.answer({ remainder: asking() })).toMatchObject({ approval: { id: asked.approval?.id } });
    expect(await sessionBelow(root, `${root.id}.3`, reader).answer()).toMatchObject({ reason: "session_expired" });
    expect(await redeem(root, writer, ticket)).toMatchObject({ opened: true });
    expect(kindsOf(await recordsOf(root)).filter((kind) => kind === "session.opened")).toHaveLength(5);
  });

  test("leaves a kill of a caller in force", async () => {
    const { lowest } = await tree();
    await switchboard().flip(flip("agent", lead));
    await evictAllDurableObjects();
    expect(await lowest.answer()).toMatchObject({ decision: "deny", reason: "killed" });
  });

  test("delivers what was still to be told of the sessions below", async () => {
    const { root, below } = await tree();
    cut("report.before");
    await root.rpc.close(callerOf(root));
    await evictAllDurableObjects();
    resetGates();
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 120_000);
    await runDurableObjectAlarm(bindings.SESSION.get(bindings.SESSION.idFromName(rootOf(below.id))));
    await eventually(async () => {
      for (const agent of [lead, writer, reader])
        expect(await agentObject(agent).sessions({ sequence: 1, limit: 1 })).toMatchObject({
          sessions: [{ ended_at: expect.any(Number) as number }],
        });
    });
  });
});
