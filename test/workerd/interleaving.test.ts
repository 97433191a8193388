/** Another call comes in while one awaits (step 6): what it changes must be seen before the first is answered. */
import { describe, expect, test, vi } from "vitest";
import { eachAlone } from "./each-alone.ts";
import { eventually } from "./eventually.ts";
import { holdNext } from "./gates.ts";
import {
  agentObject,
  allowing,
  ana,
  approval,
  asking,
  finance,
  limitRow,
  openSession,
  operator,
  type OpenSession,
  remainder,
  row,
  rule,
  switchboard,
  UNIT,
  unique,
} from "./requests.ts";

let bot = "";

eachAlone(() => {
  bot = unique("bot");
});

const perAgent = limitRow({ id: "l_agent", counter: "c_agent", per: "agent", n: 100n * UNIT, window: 3_600_000 });
const awaiting = allowing({ limits: [perAgent] });

/** Starts a request that awaits its reservation, lets `meanwhile` happen, and lets it go on. */
async function during<T>(
  session: OpenSession,
  request: () => Promise<T>,
  meanwhile: () => Promise<unknown>,
): Promise<T> {
  const held = holdNext("reserve.after");
  const waiting = request();
  await held.arrived();
  await meanwhile();
  held.open();
  return waiting;
}

describe("while a request awaits its reservation", () => {
  test("a freeze is seen", async () => {
    const session = await openSession(bot);
    const flip = { sequence: 1, scope: "session" as const, name: session.id, reason: "odd", by: operator };
    const answer = await during(
      session,
      () => session.answer({ remainder: awaiting }),
      async () => expect(await switchboard().flip(flip)).toMatchObject({ sessions_reached: 1, sessions_pending: 0 }),
    );
    expect(answer).toMatchObject({ decision: "deny", reason: "frozen" });
  });

  test("a kill of the agent is seen", async () => {
    const session = await openSession(bot);
    const flip = { sequence: 1, scope: "agent" as const, name: bot, reason: "odd", by: operator };
    const answer = await during(
      session,
      () => session.answer({ remainder: awaiting }),
      () => switchboard().flip(flip),
    );
    expect(answer).toMatchObject({ decision: "deny", reason: "killed" });
  });

  test("the end of the session is seen", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const session = await openSession(bot, { lifetime: 2_000 });
    const answer = await during(
      session,
      () => session.answer({ remainder: awaiting }),
      async () => vi.setSystemTime(Date.now() + 2_000),
    );
    expect(answer).toMatchObject({ decision: "deny", reason: "session_expired" });
  });

  test("a request that took too long is refused, since its schedules are those of another moment", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const session = await openSession(bot, { lease: 60_000 });
    const answer = await during(
      session,
      () => session.answer({ remainder: awaiting }),
      async () => vi.setSystemTime(Date.now() + 5_001),
    );
    expect(answer).toMatchObject({ decision: "deny", reason: "overloaded" });
  });

  test("a label is seen", async () => {
    const session = await openSession(bot);
    const rows = [row(rule("allow")), row(rule("never"), { op: "session_has", label: "untrusted" })];
    const answer = await during(
      session,
      () => session.answer({ remainder: remainder(rows, { limits: [perAgent] }) }),
      () => session.answer({ remainder: allowing({ yields: [{ label: "untrusted", holds: true }] }) }),
    );
    expect(answer).toMatchObject({ decision: "deny", reason: "rule", tier: "never" });
  });

  test("what another request spent of the session's limit is seen", async () => {
    const session = await openSession(bot);
    const mine = limitRow({ n: UNIT });
    const answer = await during(
      session,
      () => session.answer({ remainder: allowing({ limits: [mine, perAgent] }) }),
      () => session.answer({ remainder: allowing({ limits: [mine] }) }),
    );
    expect(answer).toMatchObject({ decision: "deny", reason: "limit_exceeded" });
  });

  test("an approval that another request used is seen, and nothing is spent for the second", async () => {
    const session = await openSession(bot);
    const asks = asking();
    const asked = await session.answer({ remainder: asks });
    const id = asked.approval?.id ?? "";
    await session.rpc.vote({
      sequence: 1,
      approval: id,
      voter: ana,
      approvals: [approval("finance_pair")],
      groups: [finance],
      owner: "owners",
      decision: "approve",
      reason: null,
      request_digest: asked.request_digest,
    });
    const answer = await during(
      session,
      () => session.answer({ remainder: { ...asks, limits: [perAgent] }, approval: id }),
      async () => expect((await session.answer({ remainder: asks, approval: id })).decision).toBe("allow"),
    );
    expect(answer).toMatchObject({ decision: "deny", reason: "approval_used" });
    expect((await session.answer({ remainder: awaiting })).limits).toMatchObject([{ remaining: "99" }]);
  });

  test("the same request id is decided once, and both get that answer", async () => {
    const session = await openSession(bot);
    const request_id = unique("same");
    const held = holdNext("reserve.after");
    const first = session.answer({ request_id, remainder: awaiting });
    await held.arrived();
    const second = session.answer({ request_id, remainder: awaiting });
    held.open();
    expect(JSON.stringify(await second)).toBe(JSON.stringify(await first));
    expect(await session.rpc.state({ sequence: 1, agent: bot })).toMatchObject({ calls: 1 });
  });

  test("the same request id with another body is refused, whichever came first", async () => {
    const session = await openSession(bot);
    const request_id = unique("same");
    const held = holdNext("reserve.after");
    const first = session.ask({ request_id, remainder: awaiting });
    await held.arrived();
    const second = session.ask({ request_id, remainder: awaiting, args: { id: "c-2" } });
    held.open();
    expect(await first).toMatchObject({ answer: { decision: "allow" } });
    expect(await second).toEqual({ refused: "request_id_reused" });
  });

  test("a newer policy is seen", async () => {
    const session = await openSession(bot);
    const held = holdNext("reserve.after");
    const waiting = session.ask({ remainder: awaiting });
    await held.arrived();
    expect(await session.ask({ sequence: 2 })).toMatchObject({ answer: { decision: "allow" } });
    held.open();
    expect(await waiting).toEqual({ refused: "policy_stale" });
  });
});

/** Counts only while the session has the label. */
function labelled(id: string, name: string) {
  const holds = { op: "session_has" as const, label: name };
  return limitRow({ id, counter: `c_${id}`, per: "agent", window: 3_600_000, holds });
}

test("a request that finds the session changed each time is denied, and what it held is given back", async () => {
  const session = await openSession(bot);
  const flips = [0, 1, 2].map(() => holdNext("reserve.after"));
  // Each label that appears brings another limit into play, of which nothing was reserved.
  const limits = [perAgent, labelled("l_a", "a"), labelled("l_b", "b"), labelled("l_c", "c")];
  const waiting = session.answer({ remainder: allowing({ limits }) });
  for (const [index, name] of ["a", "b", "c"].entries()) {
    await flips[index]?.arrived();
    await session.answer({ remainder: allowing({ yields: [{ label: name, holds: true }] }) });
    flips[index]?.open();
  }
  expect(await waiting).toMatchObject({ decision: "deny", reason: "internal" });
  await eventually(async () => {
    const look = { sequence: 1, session: session.id, reservation: "look", reserve: false, approval: null };
    const usage = await agentObject(bot).reserve({ ...look, items: [{ limit: perAgent, beyond: false }] });
    expect(usage).toMatchObject({ items: [{ used: 0n }] });
  });
});

describe("while a request awaits its lease", () => {
  test("a kill that overtakes the grant wins", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const session = await openSession(bot);
    vi.setSystemTime(Date.now() + 10_001);
    const held = holdNext("lease.after");
    const waiting = session.answer();
    await held.arrived();
    await switchboard().flip({ sequence: 1, scope: "agent", name: bot, reason: "odd", by: operator });
    held.open();
    expect(await waiting).toMatchObject({ decision: "deny", reason: "killed" });
  });

  test("a kill that overtakes the Switchboard's own grant wins", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const session = await openSession(bot);
    vi.setSystemTime(Date.now() + 10_001);
    const held = holdNext("grant.after");
    const waiting = session.answer();
    await held.arrived();
    await switchboard().flip({ sequence: 1, scope: "agent", name: bot, reason: "odd", by: operator });
    held.open();
    expect(await waiting).toMatchObject({ decision: "deny", reason: "killed" });
    expect(await session.answer()).toMatchObject({ decision: "deny", reason: "killed" });
  });
});
