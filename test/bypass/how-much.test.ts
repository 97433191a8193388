import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { until } from "../harness/until.ts";
import type { AgentName } from "./policy.ts";
import { startTarget } from "./target.ts";
import type { Asker, Reply, Target } from "./target.ts";

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterEach(() => target.closeSessions());
afterAll(() => target.stop());

async function decideAll(asker: Asker, count: number, action: string, args: unknown): Promise<string[]> {
  const asked = Array.from({ length: count }, () => target.decide(asker, action, args));
  return (await Promise.all(asked)).map(({ decision, reason }) => `${decision} ${reason}`);
}

function count(outcomes: readonly string[], outcome: string): number {
  return outcomes.filter((one) => one === outcome).length;
}

describe("limits hold whatever arrives at once", () => {
  interface Crowd {
    readonly agent: AgentName;
    readonly action: string;
    /** How many calls each of its sessions makes at once. */
    readonly calls: readonly number[];
  }

  interface Came {
    readonly outcomes: readonly string[];
    readonly spent: number;
  }

  const CROWDS = {
    session: { agent: "alpha", action: "notes.add", calls: [100] },
    agent: { agent: "beta", action: "shared.add", calls: [34, 33, 33] },
    clients: { agent: "crowd", action: "shared.add", calls: Array.from({ length: 8 }, () => 25) },
  } as const satisfies { readonly [name: string]: Crowd };

  /** All at once: most of the time they wait for their turn, since a session asks at most twenty times a second. */
  const came = new Map<Crowd, Came>();
  beforeAll(async () => {
    await Promise.all(Object.values(CROWDS).map(async (crowd) => came.set(crowd, await comeTogether(crowd))));
    await target.closeSessions();
  });

  async function comeTogether({ agent, action, calls }: Crowd): Promise<Came> {
    const askers = await Promise.all(calls.map(() => target.open(agent)));
    const asked = askers.map((asker, at) => decideAll(asker, calls[at] ?? 0, action, { text: "x" }));
    const outcomes = (await Promise.all(asked)).flat();
    const spent = await Promise.all(askers.map(async (asker) => (await target.state(asker)).calls));
    return { outcomes, spent: spent.reduce((sum, one) => sum + one, 0) };
  }

  test.each([
    ["a hundred parallel calls at a session limit of ten admit exactly ten", CROWDS.session, 90],
    ["a hundred parallel calls through three sessions at an agent limit of ten admit exactly ten", CROWDS.agent, 90],
    [
      "two hundred clients at once, through eight sessions of one agent, are admitted exactly ten times",
      CROWDS.clients,
      190,
    ],
  ] as const)("%s", (_, crowd, refused) => {
    const { outcomes = [], spent } = came.get(crowd) ?? {};
    expect(count(outcomes, "allow rule")).toBe(10);
    expect(count(outcomes, "deny limit_exceeded")).toBe(refused);
    expect(spent).toBe(10);
  });

  test("one request id fifty times is spent once, and answered the same byte for byte", async () => {
    const asker = await target.open("alpha");
    const body = { action: "notes.add", args: { text: "once" }, request_id: "the-same" };
    const send = () => target.call("/v1/authorize", { method: "POST", token: asker.token, body });
    const replies = (await Promise.all(Array.from({ length: 50 }, send))).map((reply) => JSON.stringify(reply.body));
    expect(replies).toHaveLength(50);
    expect(new Set(replies).size).toBe(1);
    expect(JSON.parse(replies[0] ?? "")).toMatchObject({ decision: "allow" });
    expect((await target.state(asker)).calls).toBe(1);
  });

  test("a request id with another body is refused", async () => {
    const asker = await target.open("alpha");
    const body = { action: "notes.add", args: { text: "a" }, request_id: "reused" };
    const send = (changed: object) =>
      target.call("/v1/authorize", { method: "POST", token: asker.token, body: { ...body, ...changed } });
    expect((await send({})).status).toBe(200);
    expect((await send({ args: { text: "b" } })).status).toBe(422);
    expect((await send({ action: "shared.add" })).status).toBe(422);
    expect((await target.state(asker)).calls).toBe(1);
  });

  test("a flood is turned away, and what is turned away isn't decided", async () => {
    const asker = await target.open("gamma");
    const body = () => ({ action: "notes.add", args: { text: "x" }, request_id: target.requestId() });
    const send = () => target.callOnce("/v1/authorize", { method: "POST", token: asker.token, body: body() });
    const replies: Reply[] = [];
    // A busy machine may take so long for them that none is too many.
    await until("a flood is turned away", async () => {
      replies.push(...(await Promise.all(Array.from({ length: 60 }, send))));
      return replies.some((reply) => reply.status === 429);
    });
    const flooded = replies.filter((reply) => reply.status === 429);
    for (const reply of flooded) expect(Number(reply.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(replies.filter((reply) => reply.body["decision"] === "allow").length).toBeLessThanOrEqual(10);
  });
});

describe("what isn't admitted spends nothing", () => {
  test("denied, refused and pending calls leave the limits alone", async () => {
    const asker = await target.open("delta");
    await target.decide(asker, "notes.add", { text: "x".repeat(300) });
    await target.decide(asker, "notes.add", { text: 5 });
    await target.decide(asker, "secret.peek", { id: "x" });
    const asked = await target.decide(asker, "pay.transfer", { to: "x", amount: 200, currency: "EUR" });
    expect(asked.decision).toBe("ask");
    expect((await target.state(asker)).calls).toBe(0);
    // 200 are pending; were they spent, 100 and 100 more would not fit under 250.
    for (const amount of [100, 100]) {
      const answer = await target.decide(asker, "pay.transfer", { to: "x", amount, currency: "EUR" });
      expect(answer.decision).toBe("allow");
    }
    const outcomes = await decideAll(asker, 12, "notes.add", { text: "x" });
    expect(count(outcomes, "allow rule")).toBe(10);
  });

  test("an approval goes back unused when the budget is gone, and admits nothing", async () => {
    const asker = await target.open("payer");
    const args = { to: "x", amount: 200, currency: "EUR" };
    const asked = await target.decide(asker, "pay.transfer", args);
    const token = await target.person("lea@corp.com");
    const body = { decision: "approve", reason: "fine", request_digest: asked.request_digest };
    const path = `/v1/approvals/${asked.approval?.id}`;
    expect((await target.call(`${path}/decision`, { method: "POST", token, body })).status).toBe(200);
    expect((await target.decide(asker, "pay.transfer", { ...args, amount: 100 })).decision).toBe("allow");
    const used = await target.decide(asker, "pay.transfer", args, { approval: asked.approval?.id });
    expect(used).toMatchObject({ decision: "deny", reason: "limit_exceeded" });
    expect((await target.call(path, { token: asker.token })).body["status"]).toBe("approved");
  });
});

describe("sums", () => {
  test("a negative or tiny amount can't buy budget back", async () => {
    const asker = await target.open("alpha");
    expect((await target.decide(asker, "budget.draw", { units: 1000 })).decision).toBe("allow");
    for (const units of [-1, "-1", 0, "-0.5", "0.0000001"]) {
      const answer = await target.decide(asker, "budget.draw", { units });
      expect(answer).toMatchObject({ decision: "deny", reason: "invalid_argument" });
    }
    const answer = await target.decide(asker, "budget.draw", { units: "0.000001" });
    expect(answer).toMatchObject({ decision: "deny", reason: "limit_exceeded" });
  });

  test("sums of tenths and millionths don't drift", async () => {
    const asker = await target.open("alpha");
    // 0.1 + 0.2 is more than 0.3 in binary floating point; here the last millionth still fits, and one more doesn't.
    for (const units of ["0.1", "0.2", "999.699999", "0.000001"])
      expect((await target.decide(asker, "budget.draw", { units })).decision, units).toBe("allow");
    expect((await target.decide(asker, "budget.draw", { units: "0.000001" })).reason).toBe("limit_exceeded");
  });

  test("transfers just under the threshold are stopped by the total", async () => {
    const asker = await target.open("beta");
    const transfer = (currency: string) => target.decide(asker, "pay.transfer", { to: "x", amount: "99.99", currency });
    expect((await transfer("EUR")).decision).toBe("allow");
    expect((await transfer("EUR")).decision).toBe("allow");
    expect(await transfer("EUR")).toMatchObject({ decision: "deny", reason: "limit_exceeded" });
    // Each currency has a count of its own.
    expect((await transfer("USD")).decision).toBe("allow");
  });
});
