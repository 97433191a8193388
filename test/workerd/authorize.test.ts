import { describe, expect, test } from "vitest";
import { eachAlone } from "./each-alone.ts";
import { allowing, limitRow, openInput, openSession, remainder, row, rule, sessionObject, unique } from "./requests.ts";

eachAlone();

describe("one request", () => {
  test("what a rule allows is allowed, with a permit and a record", async () => {
    const session = await openSession("bot");
    const answer = await session.answer();
    expect(answer).toMatchObject({ decision: "allow", tier: "allow", reason: "rule", resources: ["crm/c-1"] });
    expect(answer.permit).toMatchObject({ sequence: 1 });
    const records = await session.rpc.records({ sequence: 1, after: 0, limit: 10 });
    if (!("lines" in records)) throw new Error("no records");
    const kinds = records.lines.map((line) => (JSON.parse(line) as { record: { kind: string } }).record.kind);
    expect(kinds).toEqual(["session.opened", "decision"]);
  });

  test("what nothing grants and what a rule forbids is denied and recorded", async () => {
    const session = await openSession("bot");
    expect(await session.answer({ remainder: remainder([]) })).toMatchObject({ decision: "deny", reason: "no_rule" });
    const never = remainder([row(rule("allow")), row(rule("never"))]);
    expect(await session.answer({ remainder: never })).toMatchObject({
      decision: "deny",
      reason: "rule",
      permit: null,
    });
    const state = await session.rpc.state({ sequence: 1, agent: "bot" });
    expect(state).toMatchObject({ calls: 0, status: "open" });
  });

  test("a session that was never opened is not found", async () => {
    const { session } = openInput("bot");
    expect(await sessionObject(session).state({ sequence: 1, agent: "bot" })).toEqual({ refused: "not_found" });
  });

  test("labels are taken with the admission and seen by the next request", async () => {
    const session = await openSession("bot");
    const guarded = remainder([row(rule("allow")), row(rule("never"), { op: "session_has", label: "untrusted" })]);
    expect((await session.answer({ remainder: guarded })).decision).toBe("allow");
    await session.answer({ remainder: allowing({ yields: [{ label: "untrusted", holds: true }] }) });
    expect((await session.answer({ remainder: guarded })).decision).toBe("deny");
  });
});

describe("request ids", () => {
  test("fifty retries of one request get one answer and spend once", async () => {
    const session = await openSession("bot");
    const request_id = unique("retry");
    const limited = allowing({ limits: [limitRow()] });
    const outputs = await Promise.all(
      Array.from({ length: 50 }, () => session.ask({ request_id, remainder: limited })),
    );
    const answers = outputs.flatMap((output) => ("answer" in output ? [JSON.stringify(output.answer)] : []));
    expect(answers.length).toBeGreaterThanOrEqual(20);
    expect(new Set(answers).size).toBe(1);
    const state = await session.rpc.state({ sequence: 1, agent: "bot" });
    expect(state).toMatchObject({ calls: 1, limits: [{ id: "l_1", limit: "10", remaining: "9" }] });
  });

  test("one id with another body is refused", async () => {
    const session = await openSession("bot");
    await session.answer({ request_id: "one" });
    expect(await session.ask({ request_id: "one", args: { id: "c-2" } })).toEqual({ refused: "request_id_reused" });
  });
});
