/** What became of a guarded function is reported, and never at the cost of what the caller gets. */
import { expect, test } from "vitest";
import { Denied } from "../../sdk/index.ts";
import type { GuardOptions } from "../../sdk/index.ts";
import { allow, deny, fakeEdge, open } from "./fake-edge.ts";
import type { FakeEdge, Handler } from "./fake-edge.ts";

const ARGS = { order: "o-1" };

function reportsOf({ seen }: FakeEdge): readonly Record<string, unknown>[] {
  return seen.filter((one) => one.path === "/v1/outcomes").map((one) => one.body);
}

async function guarded(
  edge: FakeEdge,
  run: () => unknown,
  options: GuardOptions = {},
): Promise<{ readonly result: unknown; readonly close: () => Promise<void> }> {
  const session = await open(edge, 300);
  const refund = session.guard("payments.refund", run, options);
  const result = await refund(ARGS).catch((error: unknown) => error);
  return { result, close: () => session.close() };
}

const answering = (outcome?: Handler) => fakeEdge({ authorize: (one) => allow(one), ...(outcome ? { outcome } : {}) });

test("a function that returns is reported as ok, once, before its caller goes on", async () => {
  await using edge = await answering();
  const { result } = await guarded(edge, () => 7);
  expect(result).toBe(7);
  expect(reportsOf(edge)).toEqual([{ decision_id: "dec_0", status: "ok" }]);
});

test("a function that throws is reported as an error, and its caller gets what it threw", async () => {
  await using edge = await answering();
  const thrown = new Error("no such order");
  const { result } = await guarded(edge, () => {
    throw thrown;
  });
  expect(result).toBe(thrown);
  expect(reportsOf(edge)).toEqual([{ decision_id: "dec_0", status: "error" }]);
});

test("what wasn't run isn't reported", async () => {
  await using edge = await fakeEdge({ authorize: () => deny("no_rule") });
  const { result } = await guarded(edge, () => 7);
  expect(result).toBeInstanceOf(Denied);
  expect(reportsOf(edge)).toEqual([]);
});

test("a report that gets lost is sent again, the same", async () => {
  await using edge = await answering((_, count) => (count < 3 ? "reset" : { status: 200, json: {} }));
  const { result, close } = await guarded(edge, () => 7);
  expect(result).toBe(7);
  await close();
  expect(reportsOf(edge)).toHaveLength(3);
  expect(new Set(reportsOf(edge).map((one) => JSON.stringify(one))).size).toBe(1);
});

test("a report that came too fast is sent again later", async () => {
  const flood = { status: 429, json: {}, headers: { "retry-after": "0" } };
  await using edge = await answering((_, count) => (count === 1 ? flood : { status: 200, json: {} }));
  const { close } = await guarded(edge, () => 7);
  await close();
  expect(reportsOf(edge)).toHaveLength(2);
});

test("an edge that refuses a report or never answers costs the caller nothing but a word", async () => {
  for (const outcome of [{ status: 404, json: {} }, { status: 500, text: "" }, "hang"] as const) {
    await using edge = await answering(() => outcome);
    const unreported: unknown[] = [];
    const { result, close } = await guarded(edge, () => 7, { onUnreported: (_, answer) => unreported.push(answer) });
    expect(result).toBe(7);
    await close();
    expect(unreported).toMatchObject([{ decision_id: "dec_0" }]);
  }
});

test("a caller that gives up after the function ran still has it reported", async () => {
  await using edge = await answering();
  const session = await open(edge);
  const stop = new AbortController();
  const refund = session.guard("payments.refund", () => stop.abort());
  await refund(ARGS, { signal: stop.signal });
  expect(reportsOf(edge)).toHaveLength(1);
});

test("a program that does without the guard reports by itself, and hears of a failure", async () => {
  await using edge = await answering((_, count) =>
    count === 1
      ? { status: 200, json: { decision_id: "dec_7", status: "ok", labels: ["untrusted"] } }
      : { status: 409, json: {} },
  );
  const session = await open(edge);
  const outcome = { decision_id: "dec_7", status: "ok", labels: ["untrusted"] } as const;
  expect(await session.outcome(outcome)).toMatchObject({ labels: ["untrusted"] });
  await expect(session.outcome({ ...outcome, status: "error" })).rejects.toThrow(/409/);
});
