/** `GET /metrics` of the real Worker: what happened is counted, by whoever may look, and outlasts the Worker. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type EdgeUnderTest, startTestEdge } from "../edge-http/edge-under-test.ts";
import { parseOpenMetrics } from "./open-metrics-parser.ts";
import type { ReadFamily } from "./open-metrics-parser.ts";

const RULES = `  limit note to 5 in 1h per agent
  limit web.fetch to 100 in 1h per agent
  limit files.read to 4 in 1h per fleet
  limit web.fetch to 5 per session`;

let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await startTestEdge({}, { rules: RULES });
});
afterAll(() => edge.edge.stop());

async function scrape(): Promise<ReadonlyMap<string, ReadFamily>> {
  const reply = await edge.call("/metrics", { token: await edge.person("oda@corp.example") });
  expect(reply.status).toBe(200);
  expect(reply.headers.get("content-type")).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
  expect(reply.headers.get("cache-control")).toBe("no-store");
  return new Map(parseOpenMetrics(reply.text).map((family) => [family.name, family]));
}

function values(family: ReadFamily | undefined): { readonly [labels: string]: number } {
  return Object.fromEntries(
    (family?.samples ?? []).map(({ labels, value }) => [
      [...labels].map(([name, text]) => `${name}=${text}`).join(),
      value,
    ]),
  );
}

describe("who may look", () => {
  test.each([
    ["nobody", () => Promise.resolve(null), 401],
    ["an agent", () => edge.assertion("bot"), 401],
    ["a session", async () => (await edge.open("bot")).token, 401],
    ["an approver", () => edge.person("lea@corp.example"), 403],
    ["an operator", () => edge.person("oda@corp.example"), 200],
    ["an auditor", () => edge.edge.personToken({ email: "x@corp.example", claims: { groups: ["auditors"] } }), 200],
  ] as const)("%s: %#", async (_, token, status) => {
    expect((await edge.call("/metrics", { token: await token() })).status).toBe(status);
  });
});

test("what happened is counted, and outlasts the Worker", async () => {
  const { token } = await edge.open("helper");
  for (let at = 0; at < 5; at += 1) await edge.decide(token, { action: "note", args: { text: at } });
  await edge.decide(token, { action: "note", args: { text: 6 } });
  await edge.decide(token, { action: "files.write", args: { file: "a", text: "b" } });
  await edge.decide(token, { action: "files.read", args: { file: "secret/a" } });
  for (let at = 0; at < 4; at += 1) await edge.decide(token, { action: "files.read", args: { file: `f-${at}` } });
  const open = await scrape();
  expect(values(open.get("agentpolicy_sessions_live"))).toMatchObject({ "agent=helper": 1 });
  expect(values(open.get("agentpolicy_approvals_pending"))).toMatchObject({ "agent=helper": 1 });
  const full = values(open.get("agentpolicy_limit_used_ratio"));
  expect(Object.entries(full).map(([labels, value]) => [labels.replace(/l_[0-9a-f]+/, "l_"), value])).toEqual(
    expect.arrayContaining([
      ["limit=l_,per=agent,agent=helper", 1],
      ["limit=l_,per=fleet", 1],
    ]),
  );
  expect(Object.keys(full)).toHaveLength(2);
  // What a session that has ended did is handed over to the ledger at once.
  await edge.call("/v1/session", { method: "DELETE", token });
  const counted = await vi.waitFor(
    async () => {
      const families = await scrape();
      expect(values(families.get("agentpolicy_sessions_live"))).toMatchObject({ "agent=helper": 0 });
      expect(Object.keys(values(families.get("agentpolicy_decisions")))).not.toEqual([]);
      return families;
    },
    { timeout: 20_000, interval: 200 },
  );
  expect(values(counted.get("agentpolicy_decisions"))).toEqual({
    "decision=allow,reason=rule": 9,
    "decision=ask,reason=rule": 1,
    "decision=deny,reason=limit_exceeded": 1,
    "decision=deny,reason=rule": 1,
  });
  const duration = counted.get("agentpolicy_decision_duration_seconds");
  expect(duration?.unit).toBe("seconds");
  expect(duration?.samples.find(({ name }) => name.endsWith("_count"))?.value).toBe(12);
  expect(values(counted.get("agentpolicy_approvals_pending"))).toMatchObject({ "agent=helper": 0 });
  await edge.edge.reload(edge.table);
  const after = await scrape();
  expect(values(after.get("agentpolicy_decisions"))).toEqual(values(counted.get("agentpolicy_decisions")));
});

test("limits of sessions near their edge are counted, and how long records were under way", async () => {
  const { token } = await edge.open("helper");
  for (let at = 0; at < 5; at += 1)
    await edge.decide(token, { action: "web.fetch", args: { url: `https://a.example/${at}` } });
  await edge.call("/v1/session", { method: "DELETE", token });
  const families = await vi.waitFor(
    async () => {
      const read = await scrape();
      const near = Object.entries(values(read.get("agentpolicy_decisions_near_limit")));
      // Of five, one is left after the fourth and none after the fifth.
      expect(near.filter(([labels]) => labels.endsWith("per=session")).map(([, count]) => count)).toEqual([2]);
      return read;
    },
    { timeout: 20_000, interval: 200 },
  );
  const lag = families.get("agentpolicy_record_lag_seconds");
  const records = Object.values(values(families.get("agentpolicy_records")))[0] ?? 0;
  expect(lag?.samples.find(({ name }) => name.endsWith("_count"))?.value).toBe(records);
});

test("a role that is refused is on record, and so not among what isn't", async () => {
  const refused = async () => values((await scrape()).get("agentpolicy_requests_refused"));
  const before = await refused();
  const { token } = await edge.open("bot");
  const asked = await edge.call("/v1/elevations", { method: "POST", token, body: { role: "boss", reason: "x" } });
  expect(asked.body).toMatchObject({ decision: "deny", reason: "no_rule" });
  expect(await refused()).toEqual(before);
});

test("what no record tells is counted: problems by kind, and what the shield stopped", async () => {
  const refused = async () => values((await scrape()).get("agentpolicy_requests_refused"));
  const before = (await refused())["reason=unauthenticated"] ?? 0;
  for (let at = 0; at < 3; at += 1) await edge.call("/v1/session", { token: "x.y.z" });
  await edge.call("/v1/nowhere");
  expect(await refused()).toMatchObject({ "reason=unauthenticated": before + 3, "reason=not_found": 1 });
  const operator = await edge.person("oda@corp.example");
  const flip = (method: string) =>
    edge.call("/v1/switches/agent/bot", { method, token: operator, body: { reason: "x" } });
  const { token } = await edge.open("bot");
  await flip("PUT");
  await vi.waitFor(
    async () => {
      await edge.decide(token, { action: "files.read", args: { file: "a" } });
      expect((await refused())["reason=shield"]).toBeGreaterThan(0);
    },
    { timeout: 20_000, interval: 200 },
  );
  const opened = await edge.call("/v1/sessions", { method: "POST", token: await edge.assertion("bot"), body: {} });
  expect(opened.body).toMatchObject({ decision: "deny", reason: "killed" });
  expect(await refused()).toMatchObject({ "reason=opening_killed": 1 });
  await flip("DELETE");
});

test("switches are counted by scope", async () => {
  const token = await edge.person("oda@corp.example");
  const body = { reason: "x" };
  for (const target of ["agent/bot", "agent/clerk", "class/read"])
    await edge.call(`/v1/switches/${target}`, { method: "PUT", token, body });
  expect(values((await scrape()).get("agentpolicy_switches_flipped"))).toMatchObject({
    "scope=fleet": 0,
    "scope=agent": 2,
    "scope=class": 1,
  });
  for (const target of ["agent/bot", "agent/clerk", "class/read"])
    await edge.call(`/v1/switches/${target}`, { method: "DELETE", token, body });
});

test("what stands in the policy and at the edge is named", async () => {
  const families = await scrape();
  const [{ labels } = { labels: new Map<string, string>() }] = families.get("agentpolicy_policy")?.samples ?? [];
  expect(Object.fromEntries(labels)).toEqual({
    name: "test",
    policy: expect.stringMatching(/^sha256:/),
    sequence: expect.any(String),
  });
  expect(values(families.get("agentpolicy_agents_not_asked"))).toEqual({ "": 0 });
});
