/** Switches that stop some requests and not the agent: of a role, an action, a class, and of a requester. */
import { evictAllDurableObjects } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { SWITCHES_KEY, type FlipInput, type SwitchDocument } from "../../edge/rpc.ts";
import type { Remainder } from "../../engine/index.ts";
import { use, vote } from "./approving.ts";
import { eachAlone } from "./each-alone.ts";
import { eventually } from "./eventually.ts";
import { forgetAgents } from "./forget-agents.ts";
import { cut, holdNext, mend } from "./gates.ts";
import { kindsOf, recordsOf } from "./records-of.ts";
import {
  type Ask,
  approval,
  authorizeInput,
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
  unique,
  UNIT,
} from "./requests.ts";

type Scope = FlipInput["scope"];

/** What a request is of, and the ways to kill it; names are of this case alone. */
interface Subject {
  readonly bot: string;
  readonly role: string;
  readonly action: string;
  readonly class: string;
  readonly requester: string;
}

let it: Subject;

eachAlone(async () => {
  await forgetAgents();
  it = {
    bot: unique("bot"),
    role: unique("role"),
    action: unique("a.do"),
    class: unique("class"),
    requester: `${unique("kim")}@acme.example`,
  };
});

const SCOPES = ["role", "action", "class", "requester"] as const;
const LEASE = 10_000;
const perAgent = limitRow({ id: "l_agent", counter: "c_agent", per: "agent", n: 100n * UNIT, window: 3_600_000 });

function flip(scope: Scope, name: string, reason = "runs wild"): FlipInput {
  return { sequence: 1, scope, name, reason, by: operator };
}

const kill = (scope: (typeof SCOPES)[number]) => switchboard().flip(flip(scope, it[scope]));
const lift = (scope: (typeof SCOPES)[number]) => switchboard().lift({ ...flip(scope, it[scope], "looked"), id: null });

function open(bot = it.bot, id = it.requester) {
  const opening = { ...openInput(bot).opening, requester: id };
  return openSession(bot, { opening, requester: { id, email: id, claims: {} } });
}

const ofRole = (tier: "allow" | "ask" | "never", role = it.role) =>
  row(rule(tier, { id: `r_${tier}_${role}`, block: `role ${role}`, via: tier === "ask" ? ["finance_pair"] : [] }));

/** Granted by the role alone, unless other rows say more. */
function request(change: Partial<Remainder> = {}, rows = [ofRole("allow")]): Ask {
  return {
    remainder: remainder(rows, { action: it.action, requester: it.requester, ...change }),
    change: { classes: ["write", it.class] },
  };
}

const asks = (rows = [ofRole("ask")]) => request({ approvals: [approval("finance_pair")] }, rows);

/** Of none of them. */
const other = (): Ask => ({ remainder: remainder([row(rule("allow"))]) });

describe.each(SCOPES)("killing a %s", (scope) => {
  test("stops what it is about before it is acknowledged, says why, and lifting gives it back", async () => {
    const session = await open();
    expect((await session.answer(request())).decision).toBe("allow");
    const flipped = await kill(scope);
    expect(flipped).toMatchObject({ switch: { scope, name: it[scope] }, sessions_pending: 0 });
    expect("sessions_reached" in flipped && flipped.sessions_reached).toBeGreaterThanOrEqual(1);
    const why = { decision: "deny", reason: "killed", message: expect.stringContaining(`${scope} \`${it[scope]}\``) };
    expect(await session.answer(request())).toMatchObject(why);
    expect((await session.answer(request())).message).toContain("runs wild");
    const bystander = await openSession(unique("cat"));
    expect((await bystander.answer(other())).decision).toBe("allow");
    if (scope !== "requester") expect((await session.answer(other())).decision).toBe("allow");
    await lift(scope);
    expect((await session.answer(request())).decision).toBe("allow");
  });

  test("is seen by a request that awaits its reservation, which spends nothing", async () => {
    const session = await open();
    const held = holdNext("reserve.after");
    const waiting = session.answer(request({ limits: [perAgent] }));
    await held.arrived();
    await kill(scope);
    held.open();
    expect(await waiting).toMatchObject({ decision: "deny", reason: "killed" });
    expect(await session.rpc.state({ sequence: 1, agent: it.bot })).toMatchObject({ calls: 0 });
    await lift(scope);
    expect((await session.answer(request({ limits: [perAgent] }))).limits).toMatchObject([{ remaining: "99" }]);
  });

  test("holds within the lease where no push arrives, whoever goes on renewing", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const session = await open();
    const opened = Date.now();
    cut("agent.learn");
    cut("session.learn");
    await kill(scope);
    const admittedAt: number[] = [];
    for (let at = opened; at < opened + 3 * LEASE; at += 1_000) {
      vi.setSystemTime(at);
      if ((await session.answer(request())).decision === "allow") admittedAt.push(at - opened);
    }
    expect(Math.max(...admittedAt)).toBeLessThan(LEASE);
    expect(await session.answer(request())).toMatchObject({ decision: "deny", reason: "killed" });
    mend("agent.learn");
    mend("session.learn");
    await lift(scope);
  });

  test("survives a restart, and a session that opens later knows of it", async () => {
    const session = await open();
    await kill(scope);
    await evictAllDurableObjects();
    expect(await session.answer(request())).toMatchObject({ reason: "killed" });
    if (scope === "requester") return;
    const later = await openSession(it.bot);
    expect(await later.answer(request())).toMatchObject({ reason: "killed" });
    expect((await later.answer(other())).decision).toBe("allow");
  });

  test("gives no stored answer back, and stores its own under no request id", async () => {
    const session = await open();
    const once = request({ limits: [limitRow({ n: UNIT })] });
    const [request_id, fresh] = [unique("request"), unique("request")];
    expect((await session.answer({ ...once, request_id })).decision).toBe("allow");
    await kill(scope);
    expect(await session.answer({ ...once, request_id })).toMatchObject({ reason: "killed", permit: null });
    expect(await session.answer({ ...request(), request_id: fresh })).toMatchObject({ reason: "killed" });
    await lift(scope);
    expect((await session.answer({ ...once, request_id })).decision).toBe("allow");
    expect((await session.answer({ ...request(), request_id: fresh })).decision).toBe("allow");
  });

  test("cancels the questions about it, consumes no approval, and stands in the records", async () => {
    const session = await open();
    const [pending, given] = [await session.answer({ ...asks(), args: { id: "1" } }), await session.answer(asks())];
    await vote(session, given);
    await kill(scope);
    const id = pending.approval?.id ?? "";
    const look = { sequence: 1, agent: it.bot, approval: id, wait: 0 };
    expect(await session.rpc.waitApproval(look)).toMatchObject({ status: "cancelled" });
    expect(await vote(session, pending)).toMatchObject({ refused: "conflict" });
    const { remainder: again, change } = asks();
    expect(await use(session, given, again, { change })).toMatchObject({ decision: "deny", reason: "killed" });
    await lift(scope);
    expect(await use(session, given, again, { change })).toMatchObject({ decision: "allow" });
    const kinds = kindsOf(await recordsOf(session));
    expect(kinds).toContain("approval.cancelled");
    expect(kinds).toContain(scope === "requester" ? "session.frozen" : "session.restricted");
  });

  test("leaves questions that it isn't about", async () => {
    const session = await openSession(it.bot);
    const { remainder: rest } = asks([ofRole("ask", unique("role"))]);
    const pending = await session.answer({ remainder: { ...rest, action: "crm.read" } as Remainder });
    await kill(scope);
    expect(await vote(session, pending)).toMatchObject({ status: "approved" });
  });

  test("stands in what Workers read", async () => {
    await kill(scope);
    await eventually(async () => {
      const document = await bindings.SWITCHES.get<SwitchDocument>(SWITCHES_KEY, "json");
      expect(document?.killed).toContainEqual({ scope, name: it[scope] });
    });
  });
});

describe("sessions counted as reached by killing a requester", () => {
  const person = () => `${unique("lee")}@acme.example`;
  const reach = async () => {
    const output = await switchboard().switches({ sequence: 1, history: false });
    const found = "switches" in output ? output.switches.find(({ name }) => name === it.requester) : undefined;
    return [found?.sessions_reached, found?.sessions_pending];
  };

  test("are those that work for this person, of every agent, while they live", async () => {
    const { rpc } = await open();
    await open(unique("cat"), it.requester.toUpperCase());
    await open(it.bot, person());
    await open(unique("dog"), person());
    await openSession(unique("cow"));
    expect(await kill("requester")).toMatchObject({ sessions_reached: 2, sessions_pending: 0 });
    expect(await reach()).toEqual([2, 0]);
    await rpc.close({ sequence: 1, agent: it.bot });
    await lift("requester");
    await eventually(async () => {
      expect(await kill("requester")).toMatchObject({ sessions_reached: 1, sessions_pending: 0 });
    });
    await lift("requester");
  });

  test("are none for somebody for whom nobody works", async () => {
    await openSession(it.bot);
    expect(await kill("requester")).toMatchObject({ sessions_reached: 0, sessions_pending: 0 });
    await lift("requester");
  });

  test("aren't those of agents that can't be told: each has one pending at least until it is", async () => {
    await open();
    await open(unique("cat"), person());
    cut("agent.learn");
    const flipped = await kill("requester");
    expect(flipped).toMatchObject({ sessions_reached: 0 });
    expect("sessions_pending" in flipped && flipped.sessions_pending).toBeGreaterThanOrEqual(2);
    mend("agent.learn");
    await eventually(async () => expect(await reach()).toEqual([1, 0]));
    await lift("requester");
  });
});

describe("a killed role", () => {
  test("goes on forbidding, and its `never` stays the reason", async () => {
    const session = await open();
    await kill("role");
    const rows = [ofRole("never"), row(rule("allow", { block: "agent x" }))];
    expect(await session.answer(request({}, rows))).toMatchObject({ decision: "deny", reason: "rule" });
    const alone = [ofRole("never"), ofRole("allow")];
    expect(await session.answer(request({}, alone))).toMatchObject({ decision: "deny", reason: "rule" });
  });

  test("goes on asking, counting and leaving what else is granted", async () => {
    const session = await open();
    await kill("role");
    const elsewhere = row(rule("allow", { id: "r_own", block: "agent x" }));
    const granted = await session.answer(request({}, [ofRole("allow"), elsewhere]));
    expect(granted).toMatchObject({ decision: "allow", rules: [{ id: "r_own" }] });
    expect((await session.answer(asks([ofRole("ask"), elsewhere]))).decision).toBe("ask");
    const limited = request({ limits: [limitRow({ n: UNIT })] }, [ofRole("allow"), elsewhere]);
    expect((await session.answer(limited)).decision).toBe("allow");
    expect(await session.answer(limited)).toMatchObject({ decision: "deny", reason: "limit_exceeded" });
  });

  test("cancels a question only when the last of the roles that grant it is killed", async () => {
    const session = await open();
    const second = unique("role");
    const pending = await session.answer(asks([ofRole("ask"), ofRole("allow", second)]));
    const look = { sequence: 1, agent: it.bot, approval: pending.approval?.id ?? "", wait: 0 };
    await kill("role");
    expect(await session.rpc.waitApproval(look)).toMatchObject({ status: "pending" });
    await switchboard().flip(flip("role", second));
    expect(await session.rpc.waitApproval(look)).toMatchObject({ status: "cancelled" });
  });
});

describe("opening", () => {
  const opening = (requester: string | null) => {
    const rest = { ...openInput(it.bot).opening, requester };
    return openInput(it.bot, {
      opening: rest,
      requester: requester === null ? null : { id: requester, claims: {} },
    });
  };

  test("for a killed requester is refused, however the id is written, and for others not", async () => {
    await kill("requester");
    for (const requester of [it.requester, it.requester.toUpperCase()]) {
      const input = opening(requester);
      expect(await sessionObject(input.session).open(input)).toMatchObject({ opened: false, reason: "killed" });
    }
    const free = opening(`${unique("li")}@acme.example`);
    expect(await sessionObject(free.session).open(free)).toMatchObject({ opened: true });
  });

  test("is an action of its own: its name stops it for everybody, while sessions go on", async () => {
    const session = await open();
    const stop = flip("action", "session.open");
    await switchboard().flip(stop);
    const input = opening(null);
    expect(await sessionObject(input.session).open(input)).toMatchObject({ opened: false, reason: "killed" });
    expect((await session.answer(request())).decision).toBe("allow");
    await switchboard().lift({ ...stop, id: null });
    const after = opening(null);
    expect(await sessionObject(after.session).open(after)).toMatchObject({ opened: true });
  });

  test("while a switch is flipped is no way past it", async () => {
    const input = opening(null);
    const held = holdNext("admit.after");
    const waiting = sessionObject(input.session).open(input);
    await held.arrived();
    await kill("action");
    held.open();
    expect(await waiting).toMatchObject({ opened: true });
    const asked = request();
    const output = await sessionObject(input.session).authorize(await authorizeInput(input.session, it.bot, asked));
    expect(output).toMatchObject({ answer: { decision: "deny", reason: "killed" } });
  });
});
