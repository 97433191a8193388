/** What a gateway said of a tool is a fact like any other. */
import { expect, test } from "vitest";
import { compile, readLogs, whatIf } from "../../compiler/index.ts";
import { type Policy, prepare, type Table } from "../../engine/index.ts";

const [REVIEWED, CHANGED] = ["a".repeat(64), "b".repeat(64)];
const POLICY = `policy "test" { session lifetime 1h idle 30m }
action tool.run() is read on none
role user { allow tool.run }
agent bot {
  owner "lea@corp.example"
  purpose "Is tested"
  roles user
  identity key ed25519 "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTA"
  review by 2099-12-31
}
`;

function policyWith(sha256: string): Policy {
  const { table } = compile([{ name: "p.agentpolicy", text: POLICY }]);
  if (table === null) throw new Error("the policy doesn't compile");
  const actions = table.body.actions.map((action) => ({ ...action, tool: { name: "run", server: null, sha256 } }));
  return prepare({ ...table, body: { ...table.body, actions } } satisfies Table);
}

const AT = "2026-11-20T10:00:00.000Z";
const line = (seq: number, own: object): string => {
  const prev = seq === 1 ? null : `h${seq - 1}`;
  const common = { session: "ses_1", agent: "bot", chain: ["bot"], at: AT, seq, prev, hash: `h${seq}`, args_mac: "m" };
  return JSON.stringify({ record: { ...common, ...own }, args: seq === 1 ? null : "{}" });
};
const decided = (seq: number, decision: string, reason: string, more: object): string => {
  const none = { stated: null, named: null, inexact: false, approved: [], roles: [], live: [], counts: [] };
  return line(seq, { kind: "decision", action: "tool.run", decision, reason, facts: { at: AT, ...none, ...more } });
};
const LOG = [
  line(1, { kind: "session.opened", environment: "production", requester: null, task: null, labels: [] }),
  decided(2, "deny", "tool_changed", { tool_sha256: CHANGED }),
  decided(3, "allow", "rule", { tool_sha256: REVIEWED }),
  decided(4, "allow", "rule", {}),
];

test("a tool that had changed stays denied, and one that nobody looked at stays allowed", () => {
  expect(whatIf(policyWith(REVIEWED), readLogs(LOG))).toMatchObject({ changes: [], undecided: [], decided: 4 });
});

test("with the changed tool reviewed it is the other way round", () => {
  const { changes } = whatIf(policyWith(CHANGED), readLogs(LOG));
  expect(changes.map(({ kind, count, example }) => `${kind} ${count} ${example.seq}`)).toEqual([
    "denied 1 3",
    "allowed 1 2",
  ]);
});
