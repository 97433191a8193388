/** A session step by step, in words: what comes beside decisions. */
import { expect, test } from "vitest";
import { sessionSteps, sessionText } from "../../compiler/index.ts";

const at = Date.UTC(2026, 10, 23, 10);

/** Of each record: what happened, and the details as `name: text`. */
function told(...records: readonly { readonly kind: string; readonly [name: string]: string | readonly unknown[] }[]) {
  const entries = records.map((record, index) => ({
    record: JSON.parse(JSON.stringify(record)) as Record<string, string>,
    seq: index + 1,
    kind: record.kind,
    session: "ses_0",
    agent: "bot",
    chain: ["bot"],
    at,
    args: null,
  }));
  return sessionSteps({ entries, whole: true }).map(({ what, details }) => [
    what,
    ...details.map(({ name, text }) => `${name}: ${text}`),
  ]);
}

test("a breaker that tripped says what it counted, and whom it kills and tells", () => {
  const kill = [{ scope: "agent", name: "bot" }];
  const what = "5 denied within 1m per agent";
  expect(
    told({ kind: "breaker.tripped", breaker: "wild", per: "agent", what, decision_id: "dec_1", kill, notify: ["ops"] }),
  ).toEqual([[`breaker wild tripped: ${what}`, "kills: agent bot", "tells: ops", "by: dec_1"]]);
});

test("an outcome shows the labels that came with it", () => {
  const outcome = { kind: "outcome", decision_id: "dec_1", action: "files.read", status: "error" };
  expect(told({ ...outcome, labels: ["untrusted"] })).toEqual([
    ["files.read came to error", "of: dec_1", "labels: + untrusted"],
  ]);
});

test("a session that is opened below another takes no label away", () => {
  const decision = { kind: "decision", action: "web.fetch", decision: "allow", reason: "rule", message: "m" };
  const opened = { kind: "session.opened", expires_at: "2026-11-23T12:00:00.000Z" };
  const labels = told(
    { ...opened, labels: [] },
    { ...decision, labels: ["untrusted"] },
    { ...opened, labels: [] },
    { ...opened, labels: ["drafted"] },
    { ...decision, labels: ["drafted", "untrusted"] },
  ).map((details) => details.filter((line) => line.startsWith("labels")));
  expect(labels).toEqual([[], ["labels: + untrusted"], [], ["labels: + drafted"], []]);
});

test("a session says by which gateway it was opened, and for whom", () => {
  const opened = { kind: "session.opened", gateway: "tools", requester: "kim@corp.example" };
  expect(told(opened)).toEqual([["bot opened the session", "gateway: tools", "for: kim@corp.example"]]);
});

test("a role is asked for, refused, gained and over", () => {
  const role = "cleaner";
  expect(
    told(
      { kind: "elevation.asked", role, approval: "apr_1", intent: "it is full" },
      { kind: "elevation.refused", role, reason: "killed", message: "role `cleaner` is killed" },
      { kind: "elevation.gained", role, approval: "apr_1", until: "2026-11-23T10:30:00.000Z" },
      { kind: "elevation.ended", role, approval: "apr_1", because: "policy" },
    ),
  ).toEqual([
    ["asks to become cleaner", "intent: it is full", "approval: apr_1"],
    ["may not become cleaner", "deny: killed: role `cleaner` is killed"],
    ["became cleaner", "until: 2026-11-23T10:30:00.000Z", "approval: apr_1"],
    ["is cleaner no more: the policy offers it no more"],
  ]);
});

test("ids stay in one piece however narrow the terminal is, and nothing else overflows it", () => {
  const approval = `apr_${"0123456789abcdefghjkmnpqrs".repeat(2)}`;
  const entry = {
    record: {
      kind: "approval.voted",
      approval,
      by: "ann",
      decision: "approve",
      status: "approved",
      reason: "x".repeat(200),
    },
    seq: 1,
    kind: "approval.voted",
    session: "ses_0",
    agent: "bot",
    chain: ["bot"],
    at,
    args: null,
  };
  const text = sessionText(sessionSteps({ entries: [entry], whole: true }), { colour: false, width: 60 });
  expect(text).toContain(` ${approval}\n`);
  expect(text.split("\n").filter((line) => line.length > 60 && !line.includes(approval))).toEqual([]);
});
