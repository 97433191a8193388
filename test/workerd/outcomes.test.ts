import { evictAllDurableObjects } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import type { OutcomeInput } from "../../edge/rpc.ts";
import { eachAlone } from "./each-alone.ts";
import { kindsOf, recordsOf } from "./records-of.ts";
import { allowing, openSession, type OpenSession, operator, switchboard, unique } from "./requests.ts";

let bot = "";
let session: OpenSession;

eachAlone(async () => {
  bot = unique("bot");
  session = await openSession(bot);
});

const DIGEST = `sha256:${"a".repeat(64)}`;

function report(decision: string, change: Partial<OutcomeInput> = {}, of = session) {
  const nothing = { digest: null, labels: [], breakers: [] };
  return of.rpc.outcome({ sequence: 1, agent: of.agent, decision, status: "ok", ...nothing, ...change });
}

async function admitted(of = session): Promise<string> {
  const answer = await of.answer();
  expect(answer.decision).toBe("allow");
  return answer.decision_id;
}

describe("an outcome", () => {
  test("is recorded with its decision, and adds labels to the session", async () => {
    const decision = await admitted();
    const output = await report(decision, { status: "error", digest: DIGEST, labels: ["untrusted", "seen", "seen"] });
    expect(output).toEqual({ reported: true, labels: ["seen", "untrusted"] });
    expect((await recordsOf(session)).at(-1)?.record).toMatchObject({
      kind: "outcome",
      decision_id: decision,
      action: "crm.read",
      status: "error",
      digest: DIGEST,
      adds: ["seen", "untrusted"],
      labels: ["seen", "untrusted"],
    });
    expect(await session.rpc.state({ sequence: 1, agent: bot })).toMatchObject({ labels: ["seen", "untrusted"] });
  });

  test("is taken once: the same again changes nothing, another is refused, over a restart too", async () => {
    const decision = await admitted();
    const first = await report(decision, { labels: ["b", "a"] });
    const { length } = await recordsOf(session);
    expect(await report(decision, { labels: ["a", "b"] })).toEqual(first);
    await evictAllDurableObjects();
    expect(await report(decision, { labels: ["a", "b"] })).toEqual(first);
    for (const change of [{ status: "error" }, { labels: [] }, { labels: ["a", "b"], digest: DIGEST }] as const)
      expect(await report(decision, { labels: ["a", "b"], ...change })).toMatchObject({ refused: "conflict" });
    expect(await recordsOf(session)).toHaveLength(length);
  });

  test("of two that arrive together one stands", async () => {
    const decision = await admitted();
    const outputs = await Promise.all([report(decision), report(decision, { status: "error" }), report(decision)]);
    expect(outputs.filter((output) => "reported" in output).length).toBeGreaterThanOrEqual(1);
    const outcomes = (await recordsOf(session)).filter(({ record }) => record.kind === "outcome");
    expect(outcomes).toHaveLength(1);
  });

  test("never removes a label", async () => {
    await session.answer({ remainder: allowing({ yields: [{ label: "untrusted", holds: true }] }) });
    expect(await report(await admitted(), { labels: ["seen"] })).toMatchObject({ labels: ["seen", "untrusted"] });
    expect(await report(await admitted())).toMatchObject({ labels: ["seen", "untrusted"] });
  });

  test("is refused for what wasn't admitted here: a denial, another session's decision, an id that was made up", async () => {
    const denied = await session.answer({ remainder: allowing({ rows: [] }) });
    const other = await openSession(bot);
    const foreign = await admitted(other);
    const { length } = await recordsOf(session);
    for (const decision of [denied.decision_id, foreign, "dec_00000000000000000000000000", ""])
      expect(await report(decision, { labels: ["seen"] })).toEqual({ refused: "not_found" });
    expect(await recordsOf(session)).toHaveLength(length);
    expect(await session.rpc.state({ sequence: 1, agent: bot })).toMatchObject({ labels: [] });
  });

  test("is refused by the token of another agent and by an older policy", async () => {
    const decision = await admitted();
    expect(await report(decision, { agent: "somebody" })).toMatchObject({ refused: "forbidden" });
    await session.answer({ sequence: 7 });
    expect(await report(decision)).toEqual({ refused: "policy_stale" });
  });

  test("of what was under way is taken after a freeze and after the end", async () => {
    const [first, second] = [await admitted(), await admitted()];
    const flip = { sequence: 1, scope: "session", name: session.id, reason: "odd", by: operator } as const;
    await switchboard().flip(flip);
    expect(await report(first)).toMatchObject({ reported: true });
    await switchboard().lift({ ...flip, id: null });
    await session.rpc.close({ sequence: 1, agent: bot });
    expect(await report(second)).toMatchObject({ reported: true });
    expect(kindsOf(await recordsOf(session)).filter((kind) => kind === "outcome")).toHaveLength(2);
    expect(await session.answer()).toMatchObject({ reason: "session_expired" });
  });

  test("costs as much as asking: a flood of them is turned away", async () => {
    const decision = await admitted();
    const outputs = await Promise.all(Array.from({ length: 60 }, () => report(decision)));
    const refused = outputs.filter((output) => "refused" in output && output.refused === "flood");
    expect(refused.length).toBeGreaterThan(0);
    expect(outputs.length - refused.length).toBeGreaterThanOrEqual(20);
  });
});
