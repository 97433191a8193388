/** What stands around the answers: never kept by anybody, named by their caller, counted as the draft has it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROUTES } from "../../edge/http/app.ts";
import type { Reply } from "../harness/http-call.ts";
import { parseList } from "../harness/structured-field.ts";
import { startTestEdge } from "./edge-under-test.ts";
import type { EdgeUnderTest } from "./edge-under-test.ts";

let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await startTestEdge({}, { rules: "  limit note to 7 in 90s per agent\n  limit note to 5 per session" });
});
afterAll(() => edge.edge.stop());

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

describe.each(Object.keys(ROUTES))("every answer of %s", (path) => {
  test.each(METHODS)("to %s is kept by nobody and says which request it answers", async (method) => {
    for (const token of [null, await edge.person("oda@corp.example")]) {
      const body = method === "POST" || method === "PUT" || method === "PATCH" ? { body: {} } : {};
      const headers = { "X-Request-ID": `${method} 1` };
      const reply = await edge.call(path.replaceAll(/:\w+/g, "x"), { method, token, headers, ...body });
      expect(reply.headers.get("cache-control")).toBe("no-store");
      expect(reply.headers.get("x-content-type-options")).toBe("nosniff");
      expect(reply.headers.get("x-request-id")).toBe(`${method} 1`);
    }
  });
});

describe("the request id", () => {
  const idOf = async (given: string | null): Promise<string> => {
    const headers = given === null ? {} : { "X-Request-ID": given };
    return (await edge.call("/healthz", { headers })).headers.get("x-request-id") ?? "";
  };

  test.each(["a", "bfe9eb29-ab87-4ca3-be83-a1d5d8305716", 'x"; y=1', "x".repeat(256)])("%j comes back", async (id) => {
    expect(await idOf(id)).toBe(id);
  });

  test.each([null, "", "x".repeat(257), "caf\u00e9"])("is a random one for %j", async (id) => {
    expect(await idOf(id)).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("comes with what there is no call for, too", async () => {
    const reply = await edge.call("/nowhere", { headers: { "X-Request-ID": "q" } });
    expect([reply.status, reply.headers.get("x-request-id"), reply.headers.get("cache-control")]).toEqual([
      404,
      "q",
      "no-store",
    ]);
  });
});

describe("`traceparent`", () => {
  const TRACE = "0af7651916cd43dd8448eb211c80319c";
  const PARENT = "b7ad6b7169203331";
  const asked = async (headers: Readonly<Record<string, string>>): Promise<readonly [string | null, unknown]> => {
    const { token, session } = await edge.open("helper");
    const body = { action: "files.read", args: { file: "a" }, request_id: "r-1" };
    const reply = await edge.call("/v1/authorize", { method: "POST", token, body, headers });
    const auditor = await edge.edge.personToken({ email: "x@corp.example", claims: { groups: ["auditors"] } });
    const { text } = await edge.call(`/v1/sessions/${session.id}/records`, { token: auditor });
    const records = text
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { record: { kind: string; trace?: string } }).record);
    await edge.call("/v1/session", { method: "DELETE", token });
    return [reply.headers.get("traceparent"), records.find(({ kind }) => kind === "decision")?.trace];
  };

  test.each([
    [`00-${TRACE}-${PARENT}-01`, `00-${TRACE}-${PARENT}-01`],
    [`00-${TRACE}-${PARENT}-00`, `00-${TRACE}-${PARENT}-00`],
    [`cc-${TRACE}-${PARENT}-01-what-the-future-will-be-like`, `00-${TRACE}-${PARENT}-01`],
    [`cc-${TRACE}-${PARENT}-01`, `00-${TRACE}-${PARENT}-01`],
  ])("%s stands in the record and the answer", async (traceparent, wanted) => {
    expect(await asked({ traceparent })).toEqual([wanted, wanted]);
  });

  test.each([
    ["of version ff", `ff-${TRACE}-${PARENT}-01`],
    ["with more than version 00 has", `00-${TRACE}-${PARENT}-01-x`],
    ["with a trace of zeros", `00-${"0".repeat(32)}-${PARENT}-01`],
    ["with a parent of zeros", `00-${TRACE}-${"0".repeat(16)}-01`],
    ["in capitals", `00-${TRACE.toUpperCase()}-${PARENT}-01`],
    ["with a short trace", `00-${TRACE.slice(1)}-${PARENT}-01`],
    ["without flags", `00-${TRACE}-${PARENT}`],
    ["with other characters", `00-${TRACE.replace("0", "g")}-${PARENT}-01`],
    ["of a later version that runs on", `cc-${TRACE}-${PARENT}-01x`],
    ["twice", `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`],
    ["empty", ""],
  ])("%s is ignored", async (_, traceparent) => {
    expect(await asked({ traceparent })).toEqual([null, null]);
  });
});

describe("limits in the response fields (draft-ietf-httpapi-ratelimit-headers-11)", () => {
  const fields = (reply: Reply) => ({
    policy: new Map(
      parseList(reply.headers.get("RateLimit-Policy") ?? "").map((item) => [item.value, item.parameters]),
    ),
    limit: new Map(parseList(reply.headers.get("RateLimit") ?? "").map((item) => [item.value, item.parameters])),
  });

  test("are Lists of Strings whose parameters are whole numbers, one a limit", async () => {
    const { token } = await edge.open("bot");
    const reply = await edge.authorize(token, { action: "note", args: { text: "x" } });
    const limits = reply.body["limits"] as { id: string; limit: string; remaining: string }[];
    expect(limits).toHaveLength(2);
    const { policy, limit } = fields(reply);
    expect([...policy.keys()]).toEqual(limits.map(({ id }) => id));
    expect([...limit.keys()]).toEqual([...policy.keys()]);
    for (const { id, limit: n, remaining } of limits) {
      expect(policy.get(id)?.get("q")).toBe(Number(n));
      expect(limit.get(id)?.get("r")).toBe(Number(remaining));
    }
    const windows = limits.map(({ id }) => policy.get(id)?.get("w"));
    expect(new Set(windows)).toEqual(new Set([90, undefined]));
    expect(
      [...policy.values()].flatMap((parameters) => [...parameters.keys()]).every((key) => /^[qw]$/.test(key)),
    ).toBe(true);
  });

  test("say of a sum what it is of, and nothing that isn't left", async () => {
    const { token } = await edge.open("bot");
    const reply = await edge.authorize(token, { action: "pay", args: { to: "kim", amount: "0.5" } });
    const { policy, limit } = fields(reply);
    const [parameters] = policy.values();
    expect(Object.fromEntries(parameters ?? [])).toEqual({ q: 100, w: 3600, "agentpolicy-total": "amount" });
    expect([...limit.values()].map((one) => one.get("r"))).toEqual([99]);
  });

  test("where one is used up say when it admits again, as `Retry-After` does", async () => {
    const { token } = await edge.open("clerk", {
      requester_token: await edge.edge.requesterToken({ email: "kim@corp.example", agent: "clerk" }),
    });
    const ask = () => edge.authorize(token, { action: "note", args: { text: "x" } });
    for (let at = 0; at < 5; at += 1) await ask();
    const over = await ask();
    expect(over.body).toMatchObject({ decision: "deny", reason: "limit_exceeded" });
    const { limit } = fields(over);
    expect([...limit.values()].some((parameters) => parameters.get("r") === 0)).toBe(true);
    // One of the two has no window, so that waiting doesn't help.
    expect(over.headers.get("Retry-After")).toBeNull();
    let later: Reply = over;
    for (const session of [(await edge.open("helper")).token, (await edge.open("helper")).token])
      for (let at = 0; at < 4; at += 1) later = await edge.authorize(session, { action: "note", args: { text: "x" } });
    expect(later.body).toMatchObject({ reason: "limit_exceeded" });
    const wait = [...fields(later).limit.values()]
      .map((parameters) => parameters.get("t"))
      .find((t) => t !== undefined);
    expect(later.headers.get("Retry-After")).toBe(String(wait));
    expect(later.headers.get("Retry-After")).toMatch(/^[1-9][0-9]*$/);
  });
});
