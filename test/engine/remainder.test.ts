import { expect, test } from "vitest";
import { compile } from "../../compiler/index.ts";
import { bucketOf, countsUntil, decide, match, prepare, type Policy, type Request } from "../../engine/index.ts";

const KEY = Buffer.alloc(32, 7).toString("base64url");

function policyOf(text: string): Policy {
  const { table } = compile([{ name: "t.agentpolicy", text }]);
  if (table === null) throw new Error("the policy doesn't compile");
  return prepare(table);
}

const policy = policyOf(`
policy "t" { environments production }
group owners = ["owner@t.example"]
label untrusted is taint
approval lead { approvers owners }
action a.do(x: int, note: string?) is write on none
role r {
  allow a.do when args.x > 1
  never a.do when session has untrusted and args.x > 5
  ask   a.do when session has untrusted and args.note == "n" via lead
  allow a.do when args.x == 3 until 2026-06-01
}
agent bot { owner owners purpose "t" roles r identity key ed25519 "${KEY}" review by 2030-01-31 }
`);

function asked(args: Request["args"], at = Date.UTC(2026, 10, 23)): Request {
  return { agent: "bot", session: "s", environment: "production", action: "a.do", args, at };
}

test("what the request decides is folded away, what the session must read is left", () => {
  const { rows } = match(policy, asked({ x: 9, note: "n" }));
  expect(Object.fromEntries(rows.map(({ rule, restricts }) => [rule.tier, restricts]))).toEqual({
    allow: true,
    ask: { op: "session_has", label: "untrusted" },
    never: { op: "session_has", label: "untrusted" },
  });
});

test("what is false is not there", () => {
  expect(match(policy, asked({ x: 2, note: "m" })).rows.map(({ rule }) => rule.tier)).toEqual(["allow"]);
});

test("unknown and pending stay apart", () => {
  const ask = match(policy, asked({ x: 2 })).rows.find(({ rule }) => rule.tier === "ask");
  expect(ask?.restricts).toEqual({
    op: "and",
    of: [
      { op: "session_has", label: "untrusted" },
      { op: "unknown", facts: ["args.note"] },
    ],
  });
});

test("a rule whose time is over is gone", () => {
  const before = match(policy, asked({ x: 3, note: "m" }, Date.UTC(2026, 4, 31, 23, 59, 59, 999)));
  const after = match(policy, asked({ x: 3, note: "m" }, Date.UTC(2026, 5, 1)));
  expect(before.rows.length).toBeGreaterThanOrEqual(after.rows.length);
  expect(after.rows.every(({ rule }) => !rule.text.includes("until"))).toBe(true);
});

test("a remainder is plain data that survives being sent", () => {
  const rest = match(policy, asked({ x: 9 }));
  expect(structuredClone(rest)).toEqual(rest);
});

test("the same request leaves the same, again and again", () => {
  expect(match(policy, asked({ x: 9 }))).toEqual(match(policy, asked({ x: 9 })));
});

test("neither the table nor the rows in it change by deciding", () => {
  const before = JSON.stringify(policy.table);
  const state = {
    now: 0,
    opened_at: 0,
    calls: 0,
    labels: new Set(["untrusted"]),
    roles: new Set<string>(),
    did: () => false,
    live: () => null,
    used: () => ({ used: 0n, admits_at: null }),
    approved: () => true,
  };
  for (const x of [0, 2, 3, 9]) decide(match(policy, asked({ x })), state);
  expect(JSON.stringify(policy.table)).toBe(before);
});

test("a spend counts for the whole window, and at most one bucket longer", () => {
  for (const window of [1000, 60_000, 3_600_000, 86_400_000]) {
    for (const at of [0, 1, 999, 1_764_000_000_123]) {
      const end = countsUntil(bucketOf(at, window), window);
      expect(end).toBeGreaterThan(at + window);
      expect(end - (at + window)).toBeLessThanOrEqual(window / 60);
    }
  }
});
