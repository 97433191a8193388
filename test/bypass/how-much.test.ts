import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startTarget } from "./target.ts";
import type { Asker, Target } from "./target.ts";

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
  test("a hundred parallel calls at a session limit of ten admit exactly ten", async () => {
    const asker = await target.open("alpha");
    const outcomes = await decideAll(asker, 100, "notes.add", { text: "x" });
    expect(count(outcomes, "allow rule")).toBe(10);
    expect(count(outcomes, "deny limit_exceeded")).toBe(90);
    expect((await target.state(asker)).calls).toBe(10);
  });

  test("a hundred parallel calls through three sessions at an agent limit of ten admit exactly ten", async () => {
    const askers = [await target.open("beta"), await target.open("beta"), await target.open("beta")];
    const outcomes = (
      await Promise.all(
        askers.map((asker, index) => decideAll(asker, index === 0 ? 34 : 33, "shared.add", { text: "x" })),
      )
    ).flat();
    expect(count(outcomes, "allow rule")).toBe(10);
    expect(count(outcomes, "deny limit_exceeded")).toBe(90);
    const calls = await Promise.all(askers.map(async (asker) => (await target.state(asker)).calls));
    expect(calls.reduce((sum, one) => sum + one, 0)).toBe(10);
  });

  test("two hundred clients at once, through eight sessions of one agent, are admitted exactly ten times", async () => {
    const askers = await Promise.all(Array.from({ length: 8 }, () => target.open("crowd")));
    const outcomes = (
      await Promise.all(askers.map((asker) => decideAll(asker, 25, "shared.add", { text: "x" })))
    ).flat();
    expect(count(outcomes, "allow rule")).toBe(10);
    expect(count(outcomes, "deny limit_exceeded")).toBe(190);
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
    const replies = await Promise.all(Array.from({ length: 60 }, send));
    const flooded = replies.filter((reply) => reply.status === 429);
    expect(flooded.length).toBeGreaterThan(0);
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
