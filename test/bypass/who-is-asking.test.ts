import { base64url, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../compiler/index.ts";
import { makeKeys } from "../harness/agent-keys.ts";
import { AGENTS, policyText } from "./policy.ts";
import { startTarget } from "./target.ts";
import type { Reply, Target } from "./target.ts";

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterEach(() => target.closeSessions());
afterAll(() => target.stop());

async function openWith(token: string | null, body: unknown = {}): Promise<Reply> {
  return target.call("/v1/sessions", { method: "POST", token, body });
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

describe("the agent is who the verified credential says", () => {
  test("an agent's name in a header is ignored", async () => {
    const token = await target.assertion("alpha");
    const headers = { "x-agent": "beta", "x-agent-id": "beta", agent: "beta" };
    const reply = await target.call("/v1/sessions", { method: "POST", token, body: {}, headers });
    expect(reply.status).toBe(201);
    expect(reply.body["session"]).toMatchObject({ agent: "alpha" });
  });

  test.for(["agent", "agent_id", "sub", "roles"])("`%s` in a body is refused, not believed", async (field) => {
    expect((await openWith(await target.assertion("alpha"), { [field]: "beta" })).status).toBe(400);
    const asker = await target.open("alpha");
    const reply = await target.ask(asker, "notes.add", { text: "x" }, { [field]: "beta" });
    expect(reply.status).toBe(400);
    expect((await target.state(asker)).calls).toBe(0);
  });

  test("no credential at all opens nothing", async () => {
    expect((await openWith(null)).status).toBe(401);
    expect((await target.call("/v1/authorize", { method: "POST", body: {} })).status).toBe(401);
  });
});

describe("tokens that look right and aren't", () => {
  test.for<[string, () => { [claim: string]: unknown }]>([
    ["`nbf` in the future", () => ({ nbf: now() + 600 })],
    ["`iat` in the future", () => ({ iat: now() + 600, exp: now() + 660 })],
    ["past `exp`", () => ({ iat: now() - 600, exp: now() - 300 })],
    ["a life of an hour", () => ({ exp: now() + 3600 })],
    ["another audience", () => ({ aud: "https://elsewhere.example" })],
    ["a list of audiences", () => ({ aud: ["https://elsewhere.example", target.url] })],
    ["no audience", () => ({ aud: undefined })],
    ["another agent as issuer", () => ({ iss: "beta" })],
    ["another agent as subject", () => ({ sub: "beta" })],
    ["no `jti`", () => ({ jti: undefined })],
    ["no `exp`", () => ({ exp: undefined })],
    ["an agent of no policy", () => ({ iss: "ghost", sub: "ghost" })],
  ])("%s", async ([, claims]) => {
    expect((await openWith(await target.assertion("alpha", claims()))).status).toBe(401);
  });

  test("`alg: none`", async () => {
    const claims = { iss: "alpha", sub: "alpha", aud: target.url, jti: "n-1", iat: now(), exp: now() + 60 };
    expect((await openWith(new UnsecuredJWT(claims).encode())).status).toBe(401);
  });

  test("HS256 made with the public key as the secret", async () => {
    const { publicKey } = await generateKeyPair("EdDSA", { extractable: true });
    const x = (await exportJWK(publicKey)).x ?? "";
    const token = await target.assertion("alpha", {}, { alg: "HS256" }, base64url.decode(x));
    expect((await openWith(token)).status).toBe(401);
  });

  test("an unknown `kid`", async () => {
    expect((await openWith(await target.assertion("alpha", {}, { kid: "another" }))).status).toBe(401);
  });

  test("a key that the token brings along, as `jwk`, `jku` or `x5u`", async () => {
    const { privateKey, publicKey } = await generateKeyPair("EdDSA", { extractable: true });
    const jwk = await exportJWK(publicKey);
    for (const header of [{ jwk }, { jku: "https://evil.example/jwks" }, { x5u: "https://evil.example/cert" }])
      expect((await openWith(await target.assertion("alpha", {}, header, privateKey))).status).toBe(401);
  });

  test("another agent's key", async () => {
    const { privateKey } = await generateKeyPair("EdDSA");
    expect((await openWith(await target.assertion("alpha", {}, {}, privateKey))).status).toBe(401);
  });

  test("an assertion replayed, also when both arrive at once", async () => {
    const token = await target.assertion("alpha");
    const replies = await Promise.all(Array.from({ length: 5 }, () => openWith(token)));
    expect(replies.map((reply) => reply.status).toSorted((a, b) => a - b)).toEqual([201, 401, 401, 401, 401]);
    expect((await openWith(token)).status).toBe(401);
  });
});

describe("session tokens", () => {
  async function forged(secret: Uint8Array, claims: { [name: string]: unknown }, typ: string): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ }).sign(secret);
  }

  test("one made with another key, as another deployment would, is refused", async () => {
    const asker = await target.open("beta");
    const [head = "", body = ""] = asker.token.split(".");
    const { typ } = JSON.parse(new TextDecoder().decode(base64url.decode(head))) as { typ: string };
    const claims = JSON.parse(new TextDecoder().decode(base64url.decode(body))) as { [name: string]: unknown };
    const token = await forged(crypto.getRandomValues(new Uint8Array(32)), claims, typ);
    const reply = await target.call("/v1/authorize", {
      method: "POST",
      token,
      body: { action: "notes.add", args: { text: "x" }, request_id: "f-1" },
    });
    expect(reply.status).toBe(401);
    expect((await target.state(asker)).calls).toBe(0);
  });

  test("a changed claim breaks it", async () => {
    const asker = await target.open("beta");
    const [head, body = "", signature] = asker.token.split(".");
    const claims = JSON.parse(new TextDecoder().decode(base64url.decode(body))) as { [name: string]: unknown };
    const changed = base64url.encode(JSON.stringify({ ...claims, sub: "alpha" }));
    expect((await target.ask({ ...asker, token: `${head}.${changed}.${signature}` }, "notes.add")).status).toBe(401);
  });

  test("a closed session decides nothing any more", async () => {
    const asker = await target.open("beta");
    expect((await target.call("/v1/session", { method: "DELETE", token: asker.token })).status).toBe(200);
    expect(await target.decide(asker, "notes.add", { text: "x" })).toMatchObject({
      decision: "deny",
      reason: "session_expired",
    });
    const renewed = await target.call("/v1/session/token", {
      method: "POST",
      token: await target.assertion("beta"),
      headers: { "session-token": asker.token },
    });
    expect(renewed.body).toMatchObject({ decision: "deny", reason: "session_expired" });
    expect(renewed.body).not.toHaveProperty("token");
  });

  test("an agent's assertion is no session token, and a session token opens nothing", async () => {
    const asker = await target.open("beta");
    const assertion = await target.assertion("beta");
    expect((await target.ask({ ...asker, token: assertion }, "notes.add", { text: "x" })).status).toBe(401);
    expect((await openWith(asker.token)).status).toBe(401);
  });

  test("a session token in any body is refused", async () => {
    const asker = await target.open("beta");
    const inside = await target.ask(asker, "notes.add", { text: asker.token });
    expect(inside.status).toBe(400);
    expect((await openWith(await target.assertion("beta"), { task: `use ${asker.token}` })).status).toBe(400);
    expect((await target.state(asker)).calls).toBe(0);
  });

  test("another agent's credential can't renew a session's token", async () => {
    const asker = await target.open("beta");
    const reply = await target.call("/v1/session/token", {
      method: "POST",
      token: await target.assertion("alpha"),
      headers: { "session-token": asker.token },
    });
    expect([401, 403]).toContain(reply.status);
  });
});

describe("people and requesters", () => {
  test("a requester's token approves nothing, lifts nothing and reads no records", async () => {
    const asker = await target.open("payer");
    const asked = await target.decide(asker, "pay.transfer", { to: "x", amount: 200, currency: "EUR" });
    expect(asked.decision).toBe("ask");
    const token = await target.requester("lea@corp.com", "payer");
    const vote = { decision: "approve", request_digest: asked.request_digest, reason: "fine" };
    const calls: [string, { method: string; body?: unknown }][] = [
      [`/v1/approvals/${asked.approval?.id}/decision`, { method: "POST", body: vote }],
      ["/v1/switches/agent/alpha", { method: "PUT", body: { reason: "x" } }],
      ["/v1/switches/agent/alpha", { method: "DELETE", body: { reason: "x" } }],
      [`/v1/sessions/${asker.id}/records`, { method: "GET" }],
      ["/v1/sessions", { method: "GET" }],
    ];
    for (const [path, call] of calls) expect((await target.call(path, { ...call, token })).status, path).toBe(401);
    const state = await target.call(`/v1/approvals/${asked.approval?.id}`, { token: asker.token });
    expect(state.body["status"]).toBe("pending");
  });

  test("an agent's and a session's token are nobody among people", async () => {
    const asker = await target.open("alpha");
    for (const token of [asker.token, await target.assertion("alpha")]) {
      const put = { method: "PUT", token, body: { reason: "x" } };
      expect((await target.call("/v1/switches/agent/beta", put)).status).toBe(401);
      expect((await target.call(`/v1/sessions/${asker.id}/records`, { token })).status).toBe(401);
    }
  });

  test("a person's token is no requester's", async () => {
    const body = { requester_token: await target.person("lea@corp.com") };
    expect((await openWith(await target.assertion("clerk"), body)).status).toBe(401);
  });

  test("a requester's token names one agent and opens one session", async () => {
    const token = await target.requester("kim@corp.com", "clerk");
    expect((await openWith(await target.assertion("alpha"), { requester_token: token })).status).toBe(401);
    const body = { requester_token: token };
    expect((await openWith(await target.assertion("clerk"), body)).status).toBe(201);
    expect((await openWith(await target.assertion("clerk"), body)).status).toBe(401);
  });

  test("a requester's token without an id of its own, its signature spelt in other ways, opens one session", async () => {
    const token = await target.issued({ aud: "requesters", sub: "kim", email: "kim@corp.com", azp: "clerk" });
    // The last character of a signature of 64 bytes holds four bits that nobody reads.
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const last = letters.indexOf(token.at(-1) ?? "");
    const respelt = [1, 2, 3].map(
      (bits) => token.slice(0, -1) + letters.charAt((last & 0x30) | ((last + bits) & 0x0f)),
    );
    const statuses: number[] = [];
    for (const requester_token of [token, ...respelt, `${token}=`, `${token}==`])
      statuses.push((await openWith(await target.assertion("clerk"), { requester_token })).status);
    expect(statuses).toEqual([201, 401, 401, 401, 401, 401]);
  });

  test("without the verified human that it needs, an agent is denied", async () => {
    const opened = await openWith(await target.assertion("clerk"));
    expect(opened.body).toMatchObject({ decision: "deny", reason: "requester_missing" });
    expect(opened.body).not.toHaveProperty("token");
  });

  test("a person without the right flips no switch", async () => {
    const token = await target.person("lea@corp.com");
    const put = { method: "PUT", token, body: { reason: "because" } };
    expect((await target.call("/v1/switches/agent/gamma", put)).status).toBe(403);
    expect((await target.decide(await target.open("gamma"), "notes.add", { text: "x" })).decision).toBe("allow");
  });
});

describe("rights that nobody granted", () => {
  test("two agents with one identity don't compile", () => {
    const keys = new Map(AGENTS.map((name) => [name, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"] as const));
    const { table, diagnostics } = compile([{ name: "p.agentpolicy", text: policyText(keys) }]);
    expect(table).toBeNull();
    expect(diagnostics.some((found) => found.level === "error" && found.message.includes("identity"))).toBe(true);
  });

  test("a key under which anybody's signature verifies doesn't compile", async () => {
    const sound = (await makeKeys(AGENTS)).public;
    for (const key of ["A".repeat(43), `AQ${"A".repeat(41)}`, `7P${"_".repeat(39)}38`, `${"A".repeat(41)}IA`]) {
      const keys = new Map(AGENTS.map((name, at) => [name, at === 0 ? key : (sound.get(name) ?? "")]));
      const { table, diagnostics } = compile([{ name: "weak.agentpolicy", text: policyText(keys) }]);
      expect(table, key).toBeNull();
      expect(diagnostics.filter(({ level }) => level === "error").map(({ code }) => code)).toEqual(["AP5033"]);
    }
  });

  test("a restriction in `every agent` grants nothing, tainted or not", async () => {
    const asker = await target.open("alpha");
    const peek = () => target.decide(asker, "secret.peek", { id: "s" });
    // `notify spend` and `ask external` stand in `every agent`; `secret.peek` has no grant anywhere.
    expect(await peek()).toMatchObject({ decision: "deny", reason: "no_rule" });
    await target.decide(asker, "web.fetch", { url: "https://corp.com/" });
    expect((await target.state(asker)).labels).toEqual(["untrusted"]);
    expect(await peek()).toMatchObject({ decision: "deny", reason: "no_rule" });
  });

  test("leaving an optional argument out never turns a denial into a grant or a question", async () => {
    const asker = await target.open("alpha");
    const file = "public/x.txt";
    const replaced = await target.decide(asker, "files.write", { file, text: "x", mode: "replace" });
    expect(replaced).toMatchObject({ decision: "deny", reason: "rule" });
    const omitted = await target.decide(asker, "files.write", { file, text: "x" });
    expect(omitted).toMatchObject({ decision: "deny", reason: "rule" });
    expect(omitted.unknown).toContain("args.mode");
    expect(await target.decide(asker, "files.write", { file, text: "x", mode: null })).toMatchObject({
      decision: "deny",
    });
    expect((await target.state(asker)).calls).toBe(0);
  });

  test("labels and agent limits aren't shaken off by opening another session", async () => {
    const first = await target.open("gamma");
    const second = await target.open("gamma");
    const answers = [];
    for (let i = 0; i < 12; i += 1)
      answers.push((await target.decide(i % 2 ? first : second, "shared.add", { text: "x" })).decision);
    expect(answers.filter((decision) => decision === "allow")).toHaveLength(10);
    const third = await target.open("gamma");
    const answer = await target.decide(third, "shared.add", { text: "x" });
    expect(answer).toMatchObject({ decision: "deny", reason: "limit_exceeded" });
  });

  test("an agent opens at most ten sessions at a time", async () => {
    const replies = await Promise.all(
      Array.from({ length: 15 }, async () => openWith(await target.assertion("delta"))),
    );
    expect(replies.filter((reply) => reply.status === 201)).toHaveLength(10);
    for (const reply of replies.filter((one) => one.status !== 201)) expect(reply.body).not.toHaveProperty("token");
  });

  test("a session renews its token no faster than it asks: each time is written down", async () => {
    const asker = await target.open("gamma");
    const credentials = await Promise.all(Array.from({ length: 60 }, () => target.assertion("gamma")));
    const headers = { "session-token": asker.token };
    const renew = (token: string) => target.callOnce("/v1/session/token", { method: "POST", token, headers });
    const renewed = (await Promise.all(credentials.map(renew))).filter(({ status }) => status !== 429);
    expect(renewed.length).toBeLessThan(60);
    for (const { status } of renewed) expect(status).toBe(200);
    const records = await target.call(`/v1/sessions/${asker.id}/records`, {
      token: await target.person("oda@corp.com"),
    });
    expect(records.text.split("\n").filter((line) => line.includes("session.refreshed"))).toHaveLength(renewed.length);
  });

  test("an empty list of resources or addresses means none, not any", async () => {
    const asker = await target.open("alpha");
    expect(await target.decide(asker, "mail.send", { to: [], body: "x" })).toMatchObject({
      reason: "invalid_argument",
    });
    const stated = await target.decide(asker, "files.read", { file: "a.txt" }, { resources: [] });
    expect(stated).toMatchObject({ decision: "deny", reason: "resource_mismatch" });
  });
});
