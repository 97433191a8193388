/** Gateways ask for the agents that the policy names, prove themselves like agents, and stand in the records. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateways, WIRE } from "./gateway-under-test.ts";
import type { Gateways } from "./gateway-under-test.ts";
import { personOfCorp, requesterOfCorp } from "./tokens-of-corp.ts";

let gateways: Gateways;
beforeAll(async () => {
  gateways = await startGateways();
});
afterAll(() => gateways.stop());

const call: Gateways["production"]["call"] = (path, what) => gateways.production.call(path, what);
const now = () => Math.floor(Date.now() / 1000);
const cf = (tls: object = {}) => ({
  "MF-CF-Blob": JSON.stringify({
    tlsClientAuth: { certVerified: "SUCCESS", certRevoked: "0", certFingerprintSHA256: WIRE, ...tls },
  }),
});
const workflow = () =>
  gateways.platform.sign({
    sub: "repo:acme/gateway",
    repository: "acme/gateway",
    aud: gateways.production.url,
    jti: crypto.randomUUID(),
    iat: now(),
    exp: now() + 300,
  });
const person = () => personOfCorp(gateways.corp);

describe("a gateway opens a session", () => {
  test("of an agent that it names, by a key of its own", async () => {
    const { status, body } = await gateways.openFor("bot", { client: "gateway/1.0" });
    expect([status, body["session"]]).toEqual([201, expect.objectContaining({ agent: "bot", depth: 0 })]);
  });

  test("by its identity provider's token", async () => {
    const reply = await call("/v1/sessions", { method: "POST", token: await workflow(), body: { agent: "bot" } });
    expect(reply.status).toBe(201);
  });

  test("by its client certificate", async () => {
    const reply = await call("/v1/sessions", { method: "POST", body: { agent: "helper" }, headers: cf() });
    expect([reply.status, reply.body["session"]]).toEqual([201, expect.objectContaining({ agent: "helper" })]);
  });

  test("for the person whose token names the agent", async () => {
    const kim = { sub: "u-9", email: "kim@corp.example", jti: crypto.randomUUID() };
    const requester_token = await requesterOfCorp(gateways.corp, "bot", kim);
    const token = await gateways.session("bot", { requester_token });
    expect((await call("/v1/session", { token })).body).toMatchObject({ requester: "kim@corp.example" });
  });

  test("and uses it like any other: it asks, looks, renews and closes", async () => {
    const token = await gateways.session("bot");
    expect((await gateways.ask(token, { action: "note", args: { text: "x" } })).body).toMatchObject({
      decision: "allow",
    });
    expect((await call("/v1/session", { token })).body).toMatchObject({ agent: "bot", calls: 1 });
    const renewed = await call("/v1/session/token", {
      method: "POST",
      token: await gateways.assertion("tools"),
      headers: { "Session-Token": token },
    });
    expect(renewed.status).toBe(200);
    expect((await call("/v1/session", { method: "DELETE", token: String(renewed.body["token"]) })).body).toMatchObject({
      status: "closed",
    });
  });

  test("and both stand in the records", async () => {
    const opened = await gateways.openFor("bot");
    const { id } = opened.body["session"] as { id: string };
    await gateways.ask(String(opened.body["token"]), { action: "note", args: { text: "x" } });
    const { text } = await call(`/v1/sessions/${id}/records`, { token: await person() });
    const records = text
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { record: object }).record);
    expect(records).toEqual([
      expect.objectContaining({ kind: "session.opened", agent: "bot", gateway: "tools" }),
      expect.objectContaining({ kind: "decision", agent: "bot", gateway: "tools" }),
    ]);
  });
});

describe("a gateway token", () => {
  test("is given for each kind of identity, for 15 minutes", async () => {
    const answers = await Promise.all([
      gateways.assertion("tools").then((token) => call("/v1/gateway/token", { method: "POST", token, body: {} })),
      workflow().then((token) => call("/v1/gateway/token", { method: "POST", token })),
      call("/v1/gateway/token", { method: "POST", headers: cf() }),
    ]);
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(Date.parse(String(body["token_expires_at"])) - Date.now()).toBeGreaterThan(14 * 60_000);
    }
  });

  test("is given to no agent", async () => {
    const token = await gateways.assertion("bot");
    expect((await call("/v1/gateway/token", { method: "POST", token })).status).toBe(401);
  });
});

describe("a tool's hash", () => {
  const find = { action: "crm.find_contact", args: { name: "kim" } };

  test("that is the reviewed one lets the rules decide", async () => {
    const token = await gateways.session("bot");
    const same = await gateways.ask(token, { ...find, tool_sha256: gateways.tool });
    expect(same.body).toMatchObject({ decision: "allow" });
  });

  test("that is another one is `tool_changed`, whatever the rules say", async () => {
    const token = await gateways.session("bot");
    const other = await gateways.ask(token, { ...find, tool_sha256: "0".repeat(64) });
    expect(other.body).toMatchObject({ decision: "deny", reason: "tool_changed" });
    expect((await call("/v1/session", { token })).body).toMatchObject({ calls: 0 });
  });

  test("is part of what a request id stands for", async () => {
    const token = await gateways.session("bot");
    const asked = { ...find, request_id: "r-1" };
    const answers = [
      await gateways.ask(token, { ...asked, tool_sha256: gateways.tool }),
      await gateways.ask(token, { ...asked, tool_sha256: "0".repeat(64) }),
      await gateways.ask(token, { ...asked, tool_sha256: gateways.tool }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 422, 200]);
    expect(answers[2]?.body).toEqual(answers[0]?.body);
  });

  test.each(["", "0".repeat(63), "G".repeat(64), 7, null])("isn't %j", async (tool_sha256) => {
    const token = await gateways.session("bot");
    expect((await gateways.ask(token, { ...find, tool_sha256 })).status).toBe(400);
    await call("/v1/session", { method: "DELETE", token });
  });
});
