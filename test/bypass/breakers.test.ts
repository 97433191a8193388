import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { until } from "../harness/until.ts";
import type { AgentName } from "./policy.ts";
import { startTarget } from "./target.ts";
import type { Asker, Reply, Target } from "./target.ts";

const BAIT = `apc_${"a2".repeat(13)}`;
const BREAKERS = `
canary bait sha256 "${createHash("sha256").update(BAIT).digest("hex")}"
breaker runaway { when 3 denied in 1h per session then kill session, tell log }
breaker wild    { when 5 denied in 1h per agent   then kill agent, tell log }
breaker clumsy  { when 3 failed in 1h per agent   then kill agent, tell log }
breaker leak    { when canary per agent           then kill agent, tell log }
`;

/** Two labels open something, and one narrows only. */
const withLabels = (policy: string): string =>
  policy.replace("confidential is sensitive", "confidential is sensitive, reviewed, cleared, drafted").replace(
    "role worker {",
    `role worker {
  allow secret.peek when session has reviewed
  never crm.read when (args.id == "vip") and not session has cleared
  never crm.read when session has drafted`,
  );

let target: Target;
let operator: string;
beforeAll(async () => {
  target = await startTarget();
  await target.reload((policy) => withLabels(policy) + BREAKERS);
  operator = await target.person("oda@corp.com");
});
afterEach(async () => {
  await target.closeSessions();
  for (const one of await flipped()) await lift(`${one.scope}/${one.name}`);
});
afterAll(() => target.stop());

interface Switch {
  readonly scope: string;
  readonly name: string;
  readonly by: string;
  readonly reason: string;
}

async function flipped(): Promise<readonly Switch[]> {
  const { body } = await target.call("/v1/switches", { token: operator });
  return body["switches"] as readonly Switch[];
}

function lift(name: string, token = operator, reason = "looked at"): Promise<Reply> {
  return target.call(`/v1/switches/${name}`, { method: "DELETE", token, body: { reason } });
}

const denied = (asker: Asker, more = {}) => target.decide(asker, "files.read", { file: "secret/a" }, more);
const read = (asker: Asker) => target.decide(asker, "files.read", { file: "a" });
const report = (asker: Asker, body: object): Promise<Reply> =>
  target.call("/v1/outcomes", { method: "POST", token: asker.token, body });

function untilKilled(asker: Asker): Promise<void> {
  return until("it is killed", async () => (await read(asker)).reason === "killed", { between: 100 });
}
const killed = (agent: AgentName) => ({ scope: "agent", name: agent });

describe("a breaker isn't shaken off", () => {
  test("by other sessions, nor by closing the one that was denied", async () => {
    const first = await target.open("alpha");
    await denied(first);
    await denied(first);
    await target.call("/v1/session", { method: "DELETE", token: first.token });
    const second = await target.open("alpha");
    await denied(second);
    await denied(second);
    const third = await target.open("alpha");
    await denied(third);
    await untilKilled(third);
    expect(await read(second)).toMatchObject({ decision: "deny" });
    const opened = await target.call("/v1/sessions", {
      method: "POST",
      token: await target.assertion("alpha"),
      body: {},
    });
    expect(opened.body).toMatchObject({ decision: "deny", reason: "killed" });
    expect(await flipped()).toMatchObject([{ ...killed("alpha"), by: "edge#breaker wild" }]);
  });

  test("by a restart between the denials", async () => {
    const asker = await target.open("beta");
    await denied(asker);
    await denied(asker);
    await target.reload((policy) => withLabels(policy) + BREAKERS);
    await denied(asker);
    expect(await read(asker)).toMatchObject({ decision: "deny", reason: "frozen" });
  });

  test("by whoever it stopped: only an operator with a reason lifts it, and what was denied before counts no more", async () => {
    const asker = await target.open("gamma");
    for (const _ of [1, 2, 3]) await denied(asker);
    await until("its switch is flipped", async () => (await flipped()).length > 0);
    const lead = await target.person("lea@corp.com");
    expect((await lift(`session/${asker.id}`, asker.token)).status).toBe(401);
    expect((await lift(`session/${asker.id}`, lead)).status).toBe(403);
    expect((await lift(`session/${asker.id}`, operator, " ")).status).toBe(400);
    expect(await read(asker)).toMatchObject({ reason: "frozen" });
    expect((await lift(`session/${asker.id}`)).status).toBe(202);
    await until("it goes on", async () => (await read(asker)).decision === "allow", { between: 100 });
    await denied(asker);
    expect(await read(asker)).toMatchObject({ decision: "allow" });
  });

  test("by dressing up a canary, in whichever session", async () => {
    const [one, other] = [await target.open("delta"), await target.open("delta")];
    const dressed = Buffer.from(BAIT.toUpperCase()).toString("base64");
    expect(await target.decide(one, "chat.say", { text: `see ${dressed}` })).toMatchObject({ reason: "canary" });
    await untilKilled(other);
    expect(await flipped()).toMatchObject([{ ...killed("delta"), by: "edge#breaker leak" }]);
  });
});

describe("outcomes", () => {
  test("give no label that opens something: an agent would grant itself what people or actions grant", async () => {
    const asker = await target.open("crowd");
    const peek = () => target.decide(asker, "secret.peek", { id: "x" });
    const vip = () => target.decide(asker, "crm.read", { id: "vip" });
    const { decision_id } = await read(asker);
    for (const labels of [["reviewed"], ["cleared"], ["drafted", "reviewed"]])
      expect(await report(asker, { decision_id, status: "ok", labels })).toMatchObject({ status: 400 });
    expect(await peek()).toMatchObject({ decision: "deny", reason: "no_rule" });
    expect(await vip()).toMatchObject({ decision: "deny", reason: "rule" });
    expect((await target.state(asker)).labels).toEqual([]);
    const narrower = { decision_id, status: "ok", labels: ["drafted", "untrusted", "confidential"] };
    expect(await report(asker, narrower)).toMatchObject({ status: 200 });
    expect(await target.decide(asker, "crm.read", { id: "x" })).toMatchObject({ decision: "deny", reason: "rule" });
  });

  test("can't be told of what wasn't allowed, of another agent's actions, or otherwise the second time", async () => {
    const [one, other] = [await target.open("payer"), await target.open("gamma")];
    const { decision_id } = await read(one);
    const refused = await denied(one);
    const asked = await target.decide(one, "desk.act", { text: "a" });
    for (const status of ["ok", "error"]) {
      expect((await report(other, { decision_id, status })).status).toBe(404);
      expect((await report(one, { decision_id: refused.decision_id, status })).status).toBe(404);
      expect((await report(one, { decision_id: asked.decision_id, status })).status).toBe(404);
    }
    expect((await report(one, { decision_id, status: "ok" })).status).toBe(200);
    expect((await report(one, { decision_id, status: "error" })).status).toBe(409);
    expect((await target.state(other)).labels).toEqual([]);
  });

  test("never take a label away, nor bring one that the policy doesn't know", async () => {
    const asker = await target.open("payer");
    const { decision_id } = await target.decide(asker, "crm.read", { id: "c-1" });
    for (const body of [
      { labels: [], remove: ["confidential"] },
      { labels: ["-confidential"] },
      { labels: ["trusted"] },
    ])
      expect((await report(asker, { decision_id, status: "ok", ...body })).status).toBe(400);
    expect((await report(asker, { decision_id, status: "ok", labels: ["untrusted"] })).status).toBe(200);
    expect((await target.state(asker)).labels).toEqual(["confidential", "untrusted"]);
    const out = await target.decide(asker, "mail.send", { to: ["a@corp.com"], body: "b" });
    expect(out).toMatchObject({ decision: "deny", reason: "rule" });
  });

  test("of one failure told again and again count once, and of an agent's own only", async () => {
    const [one, other] = [await target.open("clerk", await onBehalf("clerk")), await target.open("beta")];
    const { decision_id } = await read(one);
    const fail = async (asker: Asker): Promise<string> => {
      const failed = await read(asker);
      expect(await report(asker, { decision_id: failed.decision_id, status: "error" })).toMatchObject({ status: 200 });
      return failed.decision_id;
    };
    for (const _ of [1, 2, 3, 4]) await report(one, { decision_id, status: "error" });
    for (const _ of [1, 2]) await fail(other);
    expect([await read(one), await read(other)]).toMatchObject([{ decision: "allow" }, { decision: "allow" }]);
    const third = await fail(other);
    await untilKilled(other);
    expect(await read(one)).toMatchObject({ decision: "allow" });
    // Only its own third failure stops the other: each switch says which tripped it.
    await fail(one);
    const last = await fail(one);
    await untilKilled(one);
    const reasons = new Map((await flipped()).map(({ name, reason }) => [name, reason]));
    expect([reasons.get("beta"), reasons.get("clerk")]).toEqual(
      [third, last].map((decision) => expect.stringContaining(decision) as string),
    );
  });
});

async function onBehalf(agent: AgentName): Promise<{ readonly requester_token: string }> {
  return { requester_token: await target.requester("kim@corp.com", agent) };
}
