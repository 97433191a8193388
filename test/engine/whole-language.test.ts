/** What no policy of the corpus can say: tools, single rules asked by tools, and explanations of chains. */
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/index.ts";
import {
  explain,
  match,
  type Policy,
  prepare,
  type Request,
  type Rule,
  ruleRest,
  settle,
  type State,
} from "../../engine/index.ts";
import { smallBody, tableOf } from "./small-table.ts";

const NOON = Date.parse("2026-11-23T12:00:00Z");

function keyOf(name: string): string {
  return Buffer.alloc(32, name).toString("base64url");
}

const { table } = compile([
  {
    name: "chain.agentpolicy",
    text: `
policy "chain" { environments production }
label untrusted is taint
group owners = ["owner@chain.example"]
approval lead { approvers owners }
action mail.send(to: list<email>, note: string?) is external on "mail/{to}"
role sender { allow mail.send }
role keeper { never mail.send when args.note == "x" }
agent boss { owner owners purpose "p" roles keeper identity key ed25519 "${keyOf("boss")}" review by 2030-01-31 may call bot for mail.send }
agent bot {
  owner owners purpose "p" roles sender identity key ed25519 "${keyOf("bot")}" review by 2030-01-31
  may become keeper via lead for 10m
  ask mail.send when every one in args.to: (one.domain == "evil.example" and session has untrusted) via lead
}
`,
  },
]);
if (table === null) throw new Error("the policy doesn't compile");
const policy: Policy = prepare(table);

const STATE: State = {
  now: NOON,
  opened_at: NOON,
  calls: 0,
  labels: new Set(["untrusted"]),
  roles: new Set(),
  did: () => false,
  live: () => null,
  used: () => null,
  approved: () => false,
};

function asked(args: Request["args"], change: Partial<Request> = {}): Request {
  return { agent: "bot", session: "s", environment: "production", action: "mail.send", args, at: NOON, ...change };
}

function ruleOf(block: string, tier: Rule["tier"]): Rule {
  const rule = policy.table.body.blocks.find(({ name }) => name === block)?.rules.find((one) => one.tier === tier);
  if (rule === undefined) throw new Error(`${block} has no ${tier}`);
  return rule;
}

describe("one rule by itself", () => {
  const to = ["a@evil.example", "b@good.example"];

  test("says over all and over any resource what it would do", () => {
    const rest = ruleRest(policy, "mail.send", ruleOf("sender", "allow"), asked({ to }));
    expect(rest).toEqual({ grants: true, restricts: true });
  });

  test("leaves to the session what only the session knows, and is settled with it", () => {
    const rest = ruleRest(policy, "mail.send", ruleOf("bot", "ask"), asked({ to: ["a@evil.example"] }));
    expect(rest?.restricts).toEqual({ op: "session_has", label: "untrusted" });
    expect(settle(rest?.restricts ?? false, STATE)).toBe(true);
    expect(settle(rest?.restricts ?? false, { ...STATE, labels: new Set() })).toBe(false);
  });

  test("is unknown where a fact is", () => {
    const rest = ruleRest(policy, "mail.send", ruleOf("keeper", "never"), asked({ to }));
    expect(settle(rest?.restricts ?? true, STATE)).toBe("unknown");
  });

  test("can't be asked of a request that no rule would see", () => {
    expect(ruleRest(policy, "mail.send", ruleOf("sender", "allow"), asked({ to: [] }))).toBeNull();
    expect(ruleRest(policy, "mail.none", ruleOf("sender", "allow"), asked({ to }))).toBeNull();
    expect(ruleRest(policy, "mail.send", ruleOf("sender", "allow"), asked({ to }, { agent: "nobody" }))).toBeNull();
  });

  test("can be asked of opening, which it isn't about", () => {
    const rest = ruleRest(policy, "session.open", ruleOf("sender", "allow"), asked({}));
    expect(rest).toEqual({ grants: false, restricts: false });
  });
});

describe("an explanation of a chain", () => {
  test("says for whom each rule stands, whether it does now, and what the caller lists", () => {
    const { callers, rules, decision } = explain(
      policy,
      asked({ to: ["a@good.example"] }, { callers: ["boss"] }),
      STATE,
    );
    expect(callers).toEqual([{ agent: "boss", granted: "true", unknown: [] }]);
    expect(decision).toMatchObject({ decision: "deny", reason: "rule", unknown: ["args.note"] });
    const shown = rules.map(({ rule, agent, role, stands, restricts }) => [rule.tier, agent, role, stands, restricts]);
    expect(shown).toContainEqual(["never", null, "keeper", false, "false"]);
    expect(shown).toContainEqual(["never", "boss", null, true, "unknown"]);
  });

  test("shows the body of an `every` for each element, by place", () => {
    const { rules } = explain(policy, asked({ to: ["a@evil.example", "b@good.example"], note: "y" }), STATE);
    const condition = rules.find(({ rule }) => rule.tier === "ask")?.at[0]?.parts.at(-1)?.condition;
    expect(condition?.of.map(({ text, truth }) => `${text}: ${truth}`)).toEqual([
      'args.to[0]: one.domain == "evil.example" and session has untrusted: true',
      'args.to[1]: one.domain == "evil.example" and session has untrusted: false',
    ]);
  });
});

describe("a tool that was reviewed", () => {
  const body = smallBody();
  const tool = { name: "read", server: null, sha256: "a".repeat(64) };
  const reviewed = prepare(tableOf({ ...body, actions: body.actions.map((action) => ({ ...action, tool })) }));
  const read = { ...asked({ id: "x" }), action: "doc.read" };

  test("is asked about as it was", () => {
    expect(match(reviewed, { ...read, tool_sha256: tool.sha256 }).denied).toBeNull();
    expect(match(reviewed, read).denied).toBeNull();
  });

  test("denies where it has changed, before its arguments are looked at", () => {
    const changed = { ...read, args: {}, tool_sha256: "b".repeat(64) };
    expect(match(reviewed, changed).denied?.reason).toBe("tool_changed");
  });

  test("says nothing about tools that nobody reviewed", () => {
    expect(match(prepare(tableOf(body)), { ...read, tool_sha256: "b".repeat(64) }).denied).toBeNull();
  });
});
