import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawCall } from "../harness/raw-call.ts";
import { startTestEdge } from "./edge-under-test.ts";
import type { EdgeUnderTest } from "./edge-under-test.ts";

let edge: EdgeUnderTest;
let token: string;

beforeAll(async () => {
  edge = await startTestEdge();
  token = (await edge.open()).token;
});
afterAll(() => edge.edge.stop());

const send = (body: unknown, headers: Record<string, string> = {}) =>
  edge.call("/v1/authorize", { method: "POST", token, body, headers });
const good = { action: "files.read", args: { file: "a" }, request_id: "r" };

describe("what isn't a request of this call is a problem", () => {
  test.each([
    ["an unknown field", { ...good, agent: "root" }, "/agent"],
    ["no action", { request_id: "r" }, "/action"],
    ["no request id", { action: "pay" }, "/request_id"],
    ["a request id with a blank", { ...good, request_id: "a b" }, "/request_id"],
    ["a request id of 65 characters", { ...good, request_id: "a".repeat(65) }, "/request_id"],
    ["an empty request id", { ...good, request_id: "" }, "/request_id"],
    ["arguments in a list", { ...good, args: [] }, "/args"],
    ["arguments that are null", { ...good, args: null }, "/args"],
    ["confidence above one", { ...good, confidence: 1.1 }, "/confidence"],
    ["confidence as text", { ...good, confidence: "1" }, "/confidence"],
    ["resources that aren't text", { ...good, resources: [1] }, "/resources/0"],
    ["a list", [good], ""],
  ])("%s", async (_, body, pointer) => {
    const reply = await send(body);
    expect(reply.status).toBe(400);
    expect(reply.headers.get("Content-Type")).toBe("application/problem+json");
    expect(reply.body).toMatchObject({ type: "urn:agentpolicy:problem:malformed", status: 400 });
    expect((reply.body["errors"] as { pointer: string }[])[0]?.pointer).toBe(pointer);
  });

  test.each([
    ["absent", { request_id: "r" }, "this field is required"],
    ["a number", { ...good, action: 3 }, "expected string"],
    ["null", { ...good, action: null }, "expected string"],
  ])("an action that is %s is said to be that", async (_, body, detail) => {
    expect((await send(body)).body).toMatchObject({ errors: [{ pointer: "/action", detail }] });
  });

  test("a field that isn't known comes with those that are", async () => {
    const { body } = await send({ ...good, arg: {} });
    expect(body["detail"]).toMatch(/^`\/arg`: there is no such field here; those that exist are `action`, `args`, /);
    expect(body["errors"]).toMatchObject([{ pointer: "/arg", detail: expect.stringContaining("`request_id`") }]);
    const renewal = await edge.call("/v1/session/token", { method: "POST", token, body: { agent: "x" } });
    expect(JSON.stringify(renewal.body)).not.toContain("those that exist are");
  });

  test.each([
    ["duplicate keys", '{"action":"pay","action":"pay","request_id":"r"}'],
    ["duplicate keys far inside", '{"action":"note","request_id":"r","args":{"text":[{"a":1,"a":1}]}}'],
    ["__proto__", '{"action":"note","request_id":"r","args":{"text":{"__proto__":{"x":1}}}}'],
    ["a lone surrogate", '{"action":"note","request_id":"r","args":{"text":"\\ud800"}}'],
    ["a confidence of -0", '{"action":"note","request_id":"r","confidence":-0}'],
    ["no JSON", "action=pay"],
    ["nothing", ""],
  ])("%s", async (_, body) => {
    expect((await send(body)).status).toBe(400);
  });

  test("bytes that aren't UTF-8", async () => {
    expect((await send(new Uint8Array([0x7b, 0xff, 0x7d]))).status).toBe(400);
  });

  test("depth of ten thousand", async () => {
    const deep = `{"action":"note","request_id":"r","args":{"text":${"[".repeat(10_000)}${"]".repeat(10_000)}}}`;
    expect((await send(deep)).status).toBe(400);
  });

  test("more than 64 KiB, with and without a stated length", async () => {
    const text = JSON.stringify({ ...good, intent: "x".repeat(70_000) });
    expect((await send(text)).status).toBe(413);
    expect((await send(`{"x":"${"x".repeat(10_000_000)}"}`)).status).toBe(413);
    const stream = new ReadableStream({
      start(controller) {
        for (let part = 0; part < 70; part++) controller.enqueue(new TextEncoder().encode("x".repeat(1000)));
        controller.close();
      },
    });
    const response = await fetch(`${edge.url}/v1/authorize`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: stream,
      duplex: "half",
    } as RequestInit);
    expect(response.status).toBe(413);
    await response.text();
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "application/json-patch+json", ""])(
    "content type `%s`",
    async (type) => {
      expect((await send(JSON.stringify(good), { "Content-Type": type })).status).toBe(415);
    },
  );

  test("a session token in the body, wherever it stands", async () => {
    for (const body of [
      { ...good, intent: `use ${token} please` },
      { ...good, args: { file: token } },
      { ...good, args: { [token]: 1 } },
      { ...good, request_id: token },
    ]) {
      const reply = await send(body);
      expect(reply.status).toBe(400);
      expect(reply.text).not.toContain(token);
    }
  });
});

describe("what a careful client may send", () => {
  test("unknown headers and a charset are ignored", async () => {
    const headers = { "Content-Type": "application/json; charset=utf-8", "X-Agent": "root", "X-Anything": "1" };
    expect((await send({ ...good, request_id: "h" }, headers)).status).toBe(200);
  });

  test("inexact numbers reach the policy as what they are", async () => {
    const reply = await send('{"action":"pay","request_id":"n","args":{"to":"kim","amount":1e1}}');
    expect(reply.body).toMatchObject({ decision: "deny", reason: "invalid_argument" });
  });

  test("a number beyond every double is no amount, and no part of a free JSON argument", async () => {
    const pay = await send('{"action":"pay","request_id":"b1","args":{"to":"kim","amount":1e999}}');
    expect(pay.body).toMatchObject({ decision: "deny", reason: "invalid_argument" });
    expect((await send('{"action":"note","request_id":"b2","args":{"text":[1e999]}}')).status).toBe(400);
  });

  test("no arguments are an empty object", async () => {
    const reply = await send({ action: "pay", request_id: "e" });
    expect(reply.body).toMatchObject({ reason: "invalid_argument" });
  });
});

describe("paths and methods", () => {
  test("an unknown path is 404 and another method 405 with what is allowed", async () => {
    expect((await edge.call("/v2/authorize")).status).toBe(404);
    expect((await edge.call("/")).status).toBe(404);
    const reply = await edge.call("/v1/authorize", { method: "DELETE" });
    expect([reply.status, reply.headers.get("Allow")]).toEqual([405, "POST"]);
  });

  test("every answer forbids caching", async () => {
    const replies = await Promise.all([
      edge.call("/healthz"),
      edge.call("/nowhere"),
      edge.call("/v1/session", { token }),
      edge.call("/v1/session", { token: "x" }),
      send(good),
    ]);
    expect(replies.map((reply) => reply.headers.get("Cache-Control"))).toEqual(Array(5).fill("no-store"));
  });

  test("another page's origin and another host are refused in development", async () => {
    expect((await edge.call("/healthz", { headers: { Origin: "https://evil.example" } })).status).toBe(403);
    expect((await edge.call("/healthz", { headers: { Origin: edge.url } })).status).toBe(200);
    expect((await edge.call("/healthz", { headers: { Origin: "null" } })).status).toBe(403);
    const { port } = new URL(edge.url);
    expect(await statusForHost(Number(port), `rebind.example:${port}`)).toBe(403);
    expect(await statusForHost(Number(port), `localhost:${port}`)).toBe(200);
  });
});

/** `fetch` sets `Host` itself. */
async function statusForHost(port: number, host: string): Promise<number> {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: "127.0.0.1", path: "/healthz", headers: { Host: host } }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode ?? 0));
    });
    sent.on("error", reject);
    sent.end();
  });
}

test.each([
  ["application/json; charset=utf-8", 200],
  ['Application/JSON;charset="UTF-8"', 200],
  ["application/json;", 200],
  ["application/json; charset=utf-16", 415],
  ["application/json; charset=utf-8; charset=latin1", 415],
  ["application/json; charset", 415],
])("a body as %s is %i", async (type, status) => {
  const reply = await send({ ...good, request_id: crypto.randomUUID() }, { "Content-Type": type });
  expect(reply.status).toBe(status);
});

test("a body that ends before its announced length is malformed, and no fault of the edge", async () => {
  const body = Buffer.from(JSON.stringify({ ...good, request_id: "short" }));
  const headers = [
    ["Host", new URL(edge.url).host],
    ["Connection", "close"],
    ["Authorization", `Bearer ${token}`],
    ["Content-Type", "application/json"],
    ["Content-Length", String(body.length + 7)],
  ] as const;
  const call = { method: "POST", target: "/v1/authorize", headers, body, ends: true };
  const outcome = await rawCall(edge.url, call, 5_000);
  expect(outcome).toMatchObject({ kind: "answer", answer: { status: 400 } });
});
