/** The guard fails closed: whatever comes back but an allow for these very arguments, the function isn't called. */
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  ApprovalDenied,
  ApprovalExpired,
  ApprovalNotUsable,
  ApprovalPending,
  connect,
  Denied,
  EdgeUnreachable,
  InvalidArgument,
  Killed,
  LimitExceeded,
  SessionExpired,
  TooManyRequests,
  UnexpectedAnswer,
} from "../../sdk/index.ts";
import type { GuardOptions } from "../../sdk/index.ts";
import { allow, APPROVAL, approvalState, ask, deny, fakeEdge, KEY, open } from "./fake-edge.ts";
import type { Answer, Handler, Seen } from "./fake-edge.ts";

const ARGS = { order: "o-1", amount: "80.00", currency: "EUR" };

interface Outcome {
  readonly called: unknown[];
  readonly error: unknown;
  readonly seen: readonly Seen[];
}

async function guarded(
  handlers: { authorize: Handler; approval?: Handler },
  options: GuardOptions = {},
  timeout?: number,
): Promise<Outcome> {
  await using edge = await fakeEdge(handlers);
  const session = await open(edge, timeout);
  const called: unknown[] = [];
  const refund = session.guard("payments.refund", (args: object) => called.push(args), options);
  const error = await refund(ARGS).then(
    () => null,
    (reason: unknown) => reason,
  );
  return { called, error, seen: edge.seen };
}

describe("an answer that isn't an allow for this call never runs the function", () => {
  const wrong: readonly (readonly [string, (seen: Seen) => Answer | Promise<Answer>])[] = [
    ["an empty body", () => ({ status: 200, text: "" })],
    ["a web page", () => ({ status: 200, text: "<html>welcome</html>" })],
    ["half an answer", () => ({ status: 200, text: '{"decision":"allow","tier":' })],
    ["null", () => ({ status: 200, json: null })],
    ["a list", () => ({ status: 200, json: ["allow"] })],
    ["text that says allow", () => ({ status: 200, json: "allow" })],
    ["allow and nothing else", () => ({ status: 200, json: { decision: "allow" } })],
    ["an unknown decision", async (seen) => allow(seen, { fields: { decision: "permit" } })],
    ["ALLOW in capitals", async (seen) => allow(seen, { fields: { decision: "ALLOW" } })],
    ["a list that holds allow", async (seen) => allow(seen, { fields: { decision: ["allow"] } })],
    ["an allow without a permit", async (seen) => allow(seen, { fields: { permit: undefined } })],
    ["an allow with a permit that is no JWT", async (seen) => allow(seen, { fields: { permit: "yes" } })],
    ["an allow of tier never", async (seen) => allow(seen, { fields: { tier: "never" } })],
    ["an allow of tier ask", async (seen) => allow(seen, { fields: { tier: "ask" } })],
    ["a permit for another action", async (seen) => allow(seen, { claims: { act: "payments.read" } })],
    ["a permit for other arguments", async (seen) => allow(seen, { claims: { args_sha256: "0".repeat(64) } })],
    ["a permit for another agent", async (seen) => allow(seen, { claims: { sub: "sales_bot" } })],
    ["a permit for another session", async (seen) => allow(seen, { claims: { sid: "ses_1" } })],
    [
      "an ask without an approval",
      () => ({ status: 200, json: { ...(ask() as { json: object }).json, approval: undefined } }),
    ],
    ["a redirect", () => ({ status: 307, text: "", headers: { location: "http://127.0.0.1:1/" } })],
  ];
  for (const [name, authorize] of wrong) {
    test(name, async () => {
      const { called, error } = await guarded({ authorize });
      expect(called).toEqual([]);
      expect(error).toBeInstanceOf(UnexpectedAnswer);
    });
  }
});

describe("a denial is an error of its own kind", () => {
  const kinds: readonly (readonly [string, new (...args: never[]) => Error])[] = [
    ["rule", Denied],
    ["no_rule", Denied],
    ["unknown_action", Denied],
    ["a_reason_of_the_future", Denied],
    ["limit_exceeded", LimitExceeded],
    ["invalid_argument", InvalidArgument],
    ["killed", Killed],
    ["frozen", Killed],
    ["session_expired", SessionExpired],
    ["approval_denied", ApprovalDenied],
    ["approval_expired", ApprovalExpired],
    ["approval_used", ApprovalNotUsable],
    ["approval_mismatch", ApprovalNotUsable],
  ];
  for (const [reason, kind] of kinds) {
    test(`${reason} is ${kind.name}`, async () => {
      const { called, error } = await guarded({ authorize: () => deny(reason) });
      expect(called).toEqual([]);
      expect(error).toBeInstanceOf(kind);
      expect(error).toBeInstanceOf(Denied);
      expect(error).toMatchObject({ reason, message: `no: ${reason}`, name: kind.name });
      expect((error as Denied).rules).toHaveLength(1);
    });
  }

  test("a limit says when it admits again", async () => {
    const { error } = await guarded({ authorize: () => deny("limit_exceeded", { retry_after: 12, limits: [] }) });
    expect(error).toMatchObject({ retryAfter: 12 });
  });

  test("a wrong argument is named", async () => {
    const errors = [{ pointer: "/amount", detail: "send a decimal" }];
    const { error } = await guarded({ authorize: () => deny("invalid_argument", { errors }) });
    expect(error).toMatchObject({ errors });
  });
});

describe("an edge that doesn't answer", () => {
  test("500 is not asked again", async () => {
    const { called, error, seen } = await guarded({ authorize: () => ({ status: 500, text: "oops" }) });
    expect(called).toEqual([]);
    expect(error).toBeInstanceOf(EdgeUnreachable);
    expect(seen.filter((one) => one.path === "/v1/authorize")).toHaveLength(1);
  });

  test("503 is asked again with the same request id, and a bounded number of times", async () => {
    const { called, error, seen } = await guarded({ authorize: () => ({ status: 503, text: "" }) });
    const tries = seen.filter((one) => one.path === "/v1/authorize");
    expect(called).toEqual([]);
    expect(error).toBeInstanceOf(EdgeUnreachable);
    expect(tries).toHaveLength(4);
    expect(new Set(tries.map((one) => one.body["request_id"])).size).toBe(1);
  });

  test("a connection that breaks is tried again with the same request id, and the second answer counts", async () => {
    const { called, error, seen } = await guarded({ authorize: (one, count) => (count === 1 ? "reset" : allow(one)) });
    const tries = seen.filter((one) => one.path === "/v1/authorize");
    expect(error).toBeNull();
    expect(called).toEqual([ARGS]);
    expect(tries).toHaveLength(2);
    expect(tries[0]?.body).toEqual(tries[1]?.body);
  });

  test("silence ends in an error", async () => {
    const { called, error } = await guarded({ authorize: () => "hang" }, {}, 50);
    expect(called).toEqual([]);
    expect(error).toBeInstanceOf(EdgeUnreachable);
    expect(String(error)).toContain("no answer within 50 ms");
  });

  test("a server that isn't there is named", async () => {
    const client = connect({ edge: "http://127.0.0.1:9", agent: "billing_bot", key: KEY });
    await expect(client.open()).rejects.toThrow(/http:\/\/127\.0\.0\.1:9 can't be reached/);
  });

  test("429 isn't answered with more of the same", async () => {
    const { error, seen } = await guarded({
      authorize: () => ({ status: 429, json: { detail: "too fast" }, headers: { "retry-after": "3" } }),
    });
    expect(error).toBeInstanceOf(TooManyRequests);
    expect(error).toMatchObject({ retryAfter: 3, message: "too fast" });
    expect(seen.filter((one) => one.path === "/v1/authorize")).toHaveLength(1);
  });
});

describe("waiting for people", () => {
  test("an approved request is asked for again, under a new id and with the approval, before the function runs", async () => {
    const { called, error, seen } = await guarded({
      authorize: (one) => (one.body["approval"] === APPROVAL ? allow(one) : ask()),
      approval: (_, count) => approvalState(count < 2 ? "pending" : "approved"),
    });
    const tries = seen.filter((one) => one.path === "/v1/authorize");
    expect(error).toBeNull();
    expect(called).toEqual([ARGS]);
    expect(tries.map((one) => one.body["approval"])).toEqual([undefined, APPROVAL]);
    expect(tries[0]?.body["request_id"]).not.toBe(tries[1]?.body["request_id"]);
  });

  test("a refusal that nobody catches prints what was said, without the whole answer", async () => {
    const { error } = await guarded({ authorize: () => ask(), approval: () => approvalState("denied", "no budget") });
    expect((error as ApprovalDenied).answer).toMatchObject({ decision: "ask" });
    const printed = inspect(error);
    expect(printed).toContain("ApprovalDenied: a person refused: no budget");
    expect(printed).toContain("words: 'no budget'");
    expect(printed).not.toContain("request_digest");
  });

  for (const [status, kind] of [
    ["denied", ApprovalDenied],
    ["cancelled", ApprovalDenied],
    ["expired", ApprovalExpired],
    ["used", ApprovalNotUsable],
  ] as const) {
    test(`${status} ends the wait`, async () => {
      const { called, error } = await guarded({
        authorize: () => ask(),
        approval: () => approvalState(status, "no budget"),
      });
      expect(called).toEqual([]);
      expect(error).toBeInstanceOf(kind);
    });
  }

  test("an approval that isn't a yes at use doesn't run the function", async () => {
    const { called, error } = await guarded({
      authorize: (one) => (one.body["approval"] === undefined ? ask() : deny("killed")),
      approval: () => approvalState("approved"),
    });
    expect(called).toEqual([]);
    expect(error).toBeInstanceOf(Killed);
  });

  test("an edge that says approved and asks again for ever is left", async () => {
    const { called, error, seen } = await guarded({
      authorize: () => ask(),
      approval: () => approvalState("approved"),
    });
    expect(called).toEqual([]);
    expect(error).toBeInstanceOf(Denied);
    expect(seen.filter((one) => one.path === "/v1/authorize")).toHaveLength(5);
  });

  test("another approval's state is not this one's", async () => {
    const { called, error } = await guarded({
      authorize: () => ask(),
      approval: () => ({ status: 200, json: { id: "apr_1", status: "approved", expires_at: "x" } }),
    });
    expect(called).toEqual([]);
    expect(error).toBeInstanceOf(UnexpectedAnswer);
  });

  test("a status that this client doesn't know is no yes", async () => {
    const { called, error } = await guarded({ authorize: () => ask(), approval: () => approvalState("APPROVED") });
    expect(called).toEqual([]);
    expect(error).toBeInstanceOf(UnexpectedAnswer);
  });

  test("a deadline ends the wait and leaves the question standing", async () => {
    const { called, error } = await guarded(
      { authorize: () => ask(), approval: () => approvalState("pending") },
      { deadline: 0 },
    );
    expect(called).toEqual([]);
    expect(error).toBeInstanceOf(ApprovalPending);
  });

  test("an abort ends the wait with its own reason", async () => {
    const stop = new AbortController();
    const { called, error } = await guarded(
      { authorize: () => ask(), approval: () => "hang" },
      { signal: stop.signal, onAsk: () => setTimeout(() => stop.abort(new Error("enough")), 20) },
    );
    expect(called).toEqual([]);
    expect(error).toMatchObject({ message: "enough" });
  });
});

describe("arguments", () => {
  test("the function gets what was asked for, whatever the caller does to its object meanwhile", async () => {
    await using edge = await fakeEdge({ authorize: (one) => allow(one) });
    const session = await open(edge);
    const args = { to: ["ana@acme.example"], note: { text: "hi" } };
    const send = session.guard("email.send", (given: typeof args) => given);
    const result = send(args);
    args.to.push("eve@evil.example");
    args.note.text = "changed";
    expect(await result).toEqual({ to: ["ana@acme.example"], note: { text: "hi" } });
    const asked = edge.seen.find((one) => one.path === "/v1/authorize");
    expect(asked?.body["args"]).toEqual({ to: ["ana@acme.example"], note: { text: "hi" } });
  });

  test("the function can't change what it was given", async () => {
    await using edge = await fakeEdge({ authorize: (one) => allow(one) });
    const session = await open(edge);
    const send = session.guard("email.send", (given: { to: string[] }) => given.to.push("eve@evil.example"));
    await expect(send({ to: ["ana@acme.example"] })).rejects.toThrow(TypeError);
  });

  const strange: readonly (readonly [string, unknown])[] = [
    ["a date", new Date(0)],
    ["a number that isn't one", Number.NaN],
    ["infinity", Number.POSITIVE_INFINITY],
    ["minus zero", -0],
    ["a big integer", 1n],
    ["a function", () => 1],
    ["a map", new Map()],
    ["half a surrogate pair", "\ud800"],
    ["an object with toJSON", { toJSON: () => "other" }],
    ["a hole", Object.assign([], { 1: 1, length: 3 })],
    ["__proto__", JSON.parse('{"__proto__":{"admin":true}}')],
  ];
  for (const [name, value] of strange) {
    test(`${name} is refused before anything is asked`, async () => {
      await using edge = await fakeEdge({ authorize: (one) => allow(one) });
      const session = await open(edge);
      let called = false;
      const run = session.guard("x.y", () => {
        called = true;
      });
      await expect(run({ value })).rejects.toThrow(TypeError);
      expect(called).toBe(false);
      expect(edge.seen).toHaveLength(1);
    });
  }

  test("a getter is read once", async () => {
    await using edge = await fakeEdge({ authorize: (one) => allow(one) });
    const session = await open(edge);
    let reads = 0;
    const args = {
      get amount() {
        return ++reads;
      },
    };
    const run = session.guard("x.y", (given: { amount: number }) => given.amount);
    expect(await run(args)).toBe(1);
    expect(reads).toBe(1);
  });
});
