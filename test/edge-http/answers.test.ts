import { decodeProtectedHeader } from "jose";
import type { JSONWebKeySet } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verify } from "../../sdk/permit.ts";
import { startTestEdge } from "./edge-under-test.ts";
import type { EdgeUnderTest } from "./edge-under-test.ts";

let edge: EdgeUnderTest;
let token: string;
let session: string;

beforeAll(async () => {
  edge = await startTestEdge({}, { rules: "  limit web.fetch to 1 per session then ask via lead_review" });
  const opened = await edge.open();
  token = opened.token;
  session = opened.session.id;
});
afterAll(() => edge.edge.stop());

const reasonOf = async (action: string, args: object) => (await edge.decide(token, { action, args })).reason;

describe("a policy answer is always 200", () => {
  test("allow comes with a tier and a permit that verifies once, for these arguments only", async () => {
    const args = { to: "kim", amount: "20.5" };
    const answer = await edge.decide(token, { action: "pay", args });
    expect(answer).toMatchObject({ decision: "allow", tier: "allow", reason: "rule", resources: ["pay/kim"] });
    const jwks = (await edge.call("/.well-known/jwks.json")).body as unknown as JSONWebKeySet;
    const seen = new Set<string>();
    const options = { seen, jwks, issuer: edge.url, audience: "test/development", action: "pay" };
    const permit = answer.permit ?? "";
    await expect(verify(permit, { ...options, args: { ...args, amount: "20.50" } })).rejects.toMatchObject({
      problem: "wrong_arguments",
    });
    const claims = await verify(permit, { ...options, args });
    expect(claims).toMatchObject({ sub: "bot", sid: session, act: "pay", res: ["pay/kim"], dec: answer.decision_id });
    expect(claims.exp - claims.iat).toBe(60);
    await expect(verify(permit, { ...options, args })).rejects.toMatchObject({ problem: "already_used" });
  });

  test("notify is an allow of another tier", async () => {
    const answer = await edge.decide(token, { action: "note", args: { text: { a: [1, null, "x"] } } });
    expect(answer).toMatchObject({ decision: "allow", tier: "notify", resources: [] });
  });

  test("never, no rule, unknown action and invalid arguments are denials with their reason", async () => {
    expect(await reasonOf("files.read", { file: "secret/a" })).toBe("rule");
    expect(await reasonOf("pay", { to: "kim", amount: 51 })).toBe("no_rule");
    expect(await reasonOf("Pay", { to: "kim", amount: 1 })).toBe("unknown_action");
    expect(await reasonOf("pay", { to: "kim", amount: 1e21 })).toBe("invalid_argument");
  });

  test("faults in arguments are pointed to", async () => {
    const answer = await edge.decide(token, { action: "pay", args: { to: 1, extra: true } });
    expect(answer.errors?.map((fault) => fault.pointer).toSorted()).toEqual(["/amount", "/extra", "/to"]);
    expect(answer).not.toHaveProperty("permit");
  });

  test("resources that differ from the computed ones are a mismatch", async () => {
    const answer = await edge.decide(token, { action: "files.read", args: { file: "a" }, resources: ["files/b"] });
    expect(answer).toMatchObject({ decision: "deny", reason: "resource_mismatch" });
  });
});

describe("a request id spends once", () => {
  test("the same request again gets the same bytes and spends nothing", async () => {
    const body = { action: "pay", args: { to: "lee", amount: "10" }, request_id: "retry-1" };
    const first = await edge.authorize(token, body);
    const left = (await edge.call("/v1/session", { token })).text;
    const again = await Promise.all(Array.from({ length: 10 }, () => edge.authorize(token, body)));
    expect(first.body["decision"]).toBe("allow");
    expect(new Set(again.map((reply) => reply.text))).toEqual(new Set([first.text]));
    expect((await edge.call("/v1/session", { token })).body["calls"]).toBe(JSON.parse(left).calls);
  });

  test("the same id with another body is 422", async () => {
    const own = (await edge.open()).token;
    await edge.authorize(own, { action: "pay", args: { to: "lee", amount: "1" }, request_id: "reuse" });
    const reply = await edge.authorize(own, {
      action: "pay",
      args: { to: "lee", amount: "1.0" },
      request_id: "reuse",
    });
    expect(reply.status).toBe(422);
    expect(reply.body["type"]).toBe("urn:agentpolicy:problem:request_id_reused");
  });
});

describe("limits", () => {
  test("the limit that is used up is told, also as response fields", async () => {
    const own = (await edge.open()).token;
    const pay = (amount: string) => edge.authorize(own, { action: "pay", args: { to: "kim", amount } });
    const first = await pay("50");
    const id = (first.body["limits"] as { id: string }[])[0]?.id ?? "";
    expect(first.headers.get("RateLimit-Policy")).toBe(`"${id}";q=100;w=3600;agentpolicy-total="amount"`);
    await pay("49.5");
    const over = await pay("1");
    expect(over.body).toMatchObject({ decision: "deny", reason: "limit_exceeded" });
    expect(over.headers.get("RateLimit")).toMatch(new RegExp(`^"${id}";r=0;t=\\d+$`));
    expect(Number(over.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(over.body["retry_after"]).toBeGreaterThan(0);
  });
});

const ask = (asker: string, args: object, more: object = {}) =>
  edge.decide(asker, { action: "files.write", args, ...more });

describe("an approval", () => {
  test("is asked, shown whole, approved, used once and refused the second time", async () => {
    const asker = (await edge.open()).token;
    const args = { file: "a.txt", text: "new text", key: "hunter2-hunter2" };
    const asked = await ask(asker, args, { intent: "<b>please</b>" });
    expect(asked).toMatchObject({ decision: "ask", approval: { status: "pending" } });
    const id = asked.approval?.id ?? "";
    const lea = await edge.person("lea@corp.example");
    const listed = await edge.call("/v1/approvals?status=pending", { token: lea });
    const shown = (listed.body["approvals"] as Record<string, unknown>[]).find((one) => one["id"] === id);
    expect(shown).toMatchObject({
      action: "files.write",
      agent: "bot",
      intent: "<b>please</b>",
      resources: ["files/a.txt"],
    });
    expect(shown?.["args"]).toEqual({
      file: "a.txt",
      text: "new text",
      key: { secret: { kind: "secret", length: 15, hmac_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
    });
    expect(listed.text).not.toContain("hunter2");
    const decision = { decision: "approve", reason: "fine", request_digest: shown?.["request_digest"] };
    const waiting = edge.call(`/v1/approvals/${id}?wait=20`, { token: asker });
    const voted = await edge.call(`/v1/approvals/${id}/decision`, { method: "POST", token: lea, body: decision });
    expect(voted.status).toBe(200);
    expect((await waiting).body).toMatchObject({ id, status: "approved" });
    expect(await ask(asker, { ...args, text: "other" }, { approval: id })).toMatchObject({
      decision: "deny",
      reason: "approval_mismatch",
    });
    expect(await ask(asker, args, { approval: id })).toMatchObject({ decision: "allow", tier: "allow" });
    expect(await ask(asker, args, { approval: id })).toMatchObject({ decision: "deny", reason: "approval_used" });
    const again = await edge.call(`/v1/approvals/${id}/decision`, { method: "POST", token: lea, body: decision });
    expect(again.status).toBe(409);
  });

  test("that a used-up limit asks for shows the limit", async () => {
    const asker = (await edge.open()).token;
    const fetching = { action: "web.fetch", args: { url: "https://acme.example/" } };
    expect((await edge.decide(asker, fetching)).decision).toBe("allow");
    const asked = await edge.decide(asker, fetching);
    expect(asked.decision).toBe("ask");
    const lea = await edge.person("lea@corp.example");
    const shown = await edge.call(`/v1/approvals/${asked.approval?.id}`, { token: lea });
    const text = "limit web.fetch to 1 per session then ask via lead_review";
    expect(shown.body["rules"]).toMatchObject([{ tier: "limit", via: "lead_review", text }]);
  });

  test("isn't there for another session or for people who may not decide it", async () => {
    const asker = (await edge.open()).token;
    const id = (await ask(asker, { file: "b.txt", text: "x" })).approval?.id ?? "";
    const other = (await edge.open("helper")).token;
    const statuses = await Promise.all(
      [other, await edge.person("oda@corp.example"), await edge.person("nobody@corp.example")].map(
        async (who) => (await edge.call(`/v1/approvals/${id}`, { token: who })).status,
      ),
    );
    expect(statuses).toEqual([404, 404, 404]);
    const lea = await edge.person("lea@corp.example");
    for (const guess of ["apr_x", id.replace(/.$/, (char) => (char === "a" ? "b" : "a")), `apr_${"0".repeat(52)}`])
      expect((await edge.call(`/v1/approvals/${guess}`, { token: lea })).status).toBe(404);
  });

  test("needs the digest of what was shown, and the reason that the policy requires", async () => {
    const asker = (await edge.open()).token;
    const asked = await ask(asker, { file: "c.txt", text: "x" });
    const lea = await edge.person("lea@corp.example");
    const path = `/v1/approvals/${asked.approval?.id ?? ""}/decision`;
    const vote = (body: object) => edge.call(path, { method: "POST", token: lea, body });
    const digest = asked.request_digest;
    expect((await vote({ decision: "approve", reason: "ok", request_digest: `sha256:${"0".repeat(64)}` })).status).toBe(
      409,
    );
    expect((await vote({ decision: "approve", request_digest: digest })).status).toBe(403);
    expect((await vote({ decision: "approve", reason: "   ", request_digest: digest })).status).toBe(400);
    expect((await vote({ decision: "maybe", reason: "ok", request_digest: digest })).status).toBe(400);
    expect((await vote({ decision: "deny", reason: "no", request_digest: digest })).body["status"]).toBe("denied");
    expect(await ask(asker, { file: "c.txt", text: "x" })).toMatchObject({
      decision: "deny",
      reason: "approval_denied",
    });
  });

  test("can be withdrawn by its asker", async () => {
    const asker = (await edge.open()).token;
    const id = (await ask(asker, { file: "d.txt", text: "x" })).approval?.id ?? "";
    const reply = await edge.call(`/v1/approvals/${id}`, { method: "DELETE", token: asker });
    expect(reply.body).toMatchObject({ id, status: "cancelled" });
  });
});

describe("a session", () => {
  test("shows itself, gets a fresh token, and is over when closed", async () => {
    const opened = await edge.open("helper", { client: "test/1" });
    expect(decodeProtectedHeader(opened.token)).toMatchObject({ alg: "HS256", typ: "agentpolicy-session+jwt" });
    await edge.decide(opened.token, { action: "web.fetch", args: { url: "https://a.example/" } });
    const fresh = await edge.call("/v1/session/token", {
      method: "POST",
      token: await edge.assertion("helper"),
      headers: { "Session-Token": opened.token },
    });
    expect(fresh.status).toBe(200);
    const renewed = String(fresh.body["token"]);
    const state = await edge.call("/v1/session", { token: renewed });
    expect(state.body).toMatchObject({ id: opened.session.id, status: "open", calls: 1, labels: ["untrusted"] });
    expect((await edge.call("/v1/session", { method: "DELETE", token: renewed })).body["status"]).toBe("closed");
    expect((await edge.call("/v1/session", { method: "DELETE", token: renewed })).body["status"]).toBe("closed");
    const late = await edge.decide(renewed, { action: "files.read", args: { file: "a" } });
    expect(late).toMatchObject({ decision: "deny", reason: "session_expired" });
    const again = await edge.call("/v1/session/token", {
      method: "POST",
      token: await edge.assertion("helper"),
      headers: { "Session-Token": renewed },
      body: {},
    });
    expect([again.status, again.body["decision"], again.body["reason"]]).toEqual([200, "deny", "session_expired"]);
  });

  test("an agent that works for people only opens none without one", async () => {
    const reply = await edge.call("/v1/sessions", { method: "POST", token: await edge.assertion("clerk"), body: {} });
    expect([reply.status, reply.body["decision"], reply.body["reason"]]).toEqual([200, "deny", "requester_missing"]);
    const requester_token = await edge.edge.requesterToken({ email: "Kim@corp.example", agent: "clerk" });
    const { token: held } = await edge.open("clerk", { requester_token, task: "tidy up" });
    const state = await edge.call("/v1/session", { token: held });
    expect(state.body["requester"]).toBe("kim@corp.example");
  });
});

describe("the policy", () => {
  test("is whole to people, with places, and to an agent only its own actions", async () => {
    const whole = await edge.call("/v1/policy", { token: await edge.person("lea@corp.example") });
    expect(whole.body).toMatchObject({ name: "test", audience: "test/development", issuer: edge.url });
    expect(whole.body["cells"]).toContainEqual(
      expect.objectContaining({ agent: "bot", action: "pay", tiers: ["allow"] }),
    );
    expect(JSON.stringify(whole.body["rules"])).toMatch(/test\.agentpolicy:\d+:\d+/);
    const own = await edge.call("/v1/policy", { token });
    expect(own.body["actions"]).toContainEqual({ action: "files.read", tiers: ["allow", "never"] });
    expect(own.text).not.toContain("when");
    expect((await edge.call("/v1/policy")).status).toBe(401);
  });
});
