import { expect, test } from "vitest";
import { explain, prepare, type Request, type State } from "../../engine/index.ts";
import { smallBody, tableOf } from "./small-table.ts";

const policy = prepare(tableOf(smallBody()));

const STATE: State = {
  now: 0,
  opened_at: 0,
  calls: 0,
  labels: new Set(),
  roles: new Set(),
  did: () => false,
  live: () => null,
  used: () => ({ used: 0n, admits_at: null }),
  approved: () => false,
};

function asked(at: string, args: Request["args"] = { id: "a" }): Request {
  return { agent: "bot", session: "s", environment: "production", action: "doc.read", args, at: Date.parse(at) };
}

test("an explanation shows every part of every rule with its truth", () => {
  const { decision, rules, limits, resources } = explain(policy, asked("2026-11-23T10:00:00Z"), STATE);
  expect(decision).toMatchObject({ decision: "ask", approvals: ["lead"] });
  expect(resources).toEqual(["docs/a"]);
  expect(rules).toMatchObject([
    {
      rule: { id: "r_000000000001", block: "role reader" },
      grants: "true",
      restricts: "true",
      ended: false,
      at: [
        {
          resource: "docs/a",
          truth: "true",
          parts: [
            { part: "selected", truth: "true" },
            { part: "when", truth: "true", condition: { text: "during office", truth: "true", of: [] } },
          ],
        },
      ],
    },
  ]);
  expect(limits).toMatchObject([{ id: "l_000000000001", holds: "true" }]);
});

test("a rule that is false is shown as well, with the condition that made it so", () => {
  const { decision, rules } = explain(policy, asked("2026-11-23T20:00:00Z"), STATE);
  expect(decision.reason).toBe("no_rule");
  expect(rules).toMatchObject([{ grants: "false", restricts: "false", at: [{ truth: "false" }] }]);
});

test("what is unknown names the fact", () => {
  const { rules } = explain(policy, asked("1950-01-02T10:00:00Z"), STATE);
  expect(rules[0]?.at[0]?.parts.at(-1)?.condition).toMatchObject({ truth: "unknown", unknown: ["schedule office"] });
});

test("a request that is denied before any rule has no rules to show", () => {
  const { decision, rules, limits } = explain(policy, asked("2026-11-23T10:00:00Z", { id: ".." }), STATE);
  expect(decision.reason).toBe("invalid_argument");
  expect(rules).toEqual([]);
  expect(limits).toEqual([]);
});
