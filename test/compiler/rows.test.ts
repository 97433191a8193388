import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/index.ts";
import type { Block, Limit, Rule, Table } from "../../engine/index.ts";

const ground = `policy "rows" {}
group leads = ["Ana@acme.example", "li@acme.example"]
channel ops = slack secret "OPS"
approval lead { approvers leads }
approval second { approvers leads }
set limits = [50.50, 3]
schedule nights = mon-sun 22:00-06:00, sat-sun 00:00-24:00 "Europe/Berlin"
define small(amount: decimal) = amount <= 50.00
action a.pay(amount: decimal(min 0), to: email, url: url, when: timestamp, ip: ip)
  is spend, external
  on "a/{to}"
`;

function tableOf(text: string): Table {
  const { table, diagnostics } = compile([{ name: "rows.agentpolicy", text: ground + text }]);
  if (table === null) throw new Error(diagnostics.map((one) => `${one.code} ${one.message}`).join("; "));
  return table;
}

function roleOf(text: string): Block {
  const block = tableOf(`role r { ${text} }`).body.blocks.find((one) => one.name === "r");
  if (!block) throw new Error("no block");
  return block;
}

function ruleOf(text: string): Rule {
  const [rule] = roleOf(text).rules;
  if (!rule) throw new Error("no rule");
  return rule;
}

function limitOf(text: string): Limit {
  const [limit] = roleOf(text).limits;
  if (!limit) throw new Error("no limit");
  return limit;
}

describe("a rule's row", () => {
  test("holds the canonical text and the place of the rule", () => {
    const table = tableOf("role r {\n  allow   a.pay    when args.amount<=50\n}");
    const [rule] = table.body.blocks[0]?.rules ?? [];
    expect(rule?.text).toBe("allow a.pay when args.amount <= 50");
    expect(table.places.rules).toEqual([[rule?.id, 0, 13, 3]]);
    expect(table.places.declarations).toContainEqual(["role r", 0, 12, 6]);
  });

  test("has an id that spelling doesn't change and meaning does", () => {
    const { id } = ruleOf('ask a.pay on "a/x", "a/y" when (args.amount > 50.0) via lead and second');
    expect(id).toMatch(/^r_[0-9a-f]{12}$/);
    expect(ruleOf('ask a.pay on "a/y", "a/x" when args.amount > 50 via second and lead').id).toBe(id);
    expect(ruleOf('ask a.pay on "a/x" when args.amount > 50 via lead and second').id).not.toBe(id);
  });

  test("puts defines in place and makes literals canonical", () => {
    expect(ruleOf("allow a.pay when small(args.amount)").when).toEqual({
      op: "compare",
      by: "<=",
      type: "number",
      left: { from: "args", path: ["amount"] },
      right: { from: "literal", literal: { type: "number", value: "50" } },
    });
    expect(ruleOf('allow a.pay when args.url == "https://acme.example"').when).toMatchObject({
      right: { literal: { value: "https://acme.example/" } },
    });
    expect(ruleOf("allow a.pay when args.when < 2027-01-31").when).toMatchObject({
      type: "time",
      right: { literal: { type: "time", value: Date.UTC(2027, 0, 31) } },
    });
    expect(ruleOf('allow a.pay when args.ip in ["10.0.0.0/8", "192.0.2.1"]').when).toEqual({
      op: "in_network",
      left: { from: "args", path: ["ip"] },
      networks: ["10.0.0.0/8", "192.0.2.1/32"],
    });
  });

  test("says `not` for `unless` and for `not in`", () => {
    expect(ruleOf("allow a.pay unless small(args.amount)").when).toMatchObject({ op: "not", of: { op: "compare" } });
    expect(ruleOf("allow a.pay when args.to not in leads").when).toEqual({
      op: "not",
      of: { op: "in_group", left: { from: "args", path: ["to"] }, group: "leads" },
    });
  });

  test("written twice is one row, at its first place and with both comments", () => {
    const table = tableOf("role r {\n/// B\nallow a.pay\n/// A\nallow a.pay\n}");
    expect(table.body.blocks[0]?.rules.map((rule) => rule.doc)).toEqual(["A\nB"]);
    expect(table.places.rules.map(([, , line]) => line)).toEqual([14]);
  });
});

describe("a limit's counter", () => {
  test("stays when N or `then` changes, and is another one when anything else does", () => {
    const limit = limitOf("limit a.pay total args.amount to 500 in 24h per agent");
    expect(limit.counter).toMatch(/^c_[0-9a-f]{24}$/);
    const raised = limitOf("limit a.pay total args.amount to 500.5 in 1d per agent then ask via lead");
    expect(raised).toMatchObject({ counter: limit.counter, n: "500.5", via: "lead", window: 86_400_000 });
    expect(raised.id).not.toBe(limit.id);
    expect(limitOf("limit a.pay total args.amount to 500 in 48h per agent").counter).not.toBe(limit.counter);
    expect(limitOf("limit a.pay total args.amount to 500 in 24h per session").counter).not.toBe(limit.counter);
  });
});

describe("the rest of the table", () => {
  test("holds members in lower case and numbers as canonical text, sorted", () => {
    const { body } = tableOf("");
    expect(body.groups[0]?.members).toEqual(["ana@acme.example", "li@acme.example"]);
    expect(body.sets[0]?.members).toEqual(["3", "50.5"]);
  });

  test("lowers a week to intervals, where a night belongs to the day it begins", () => {
    const [nights] = tableOf("").body.schedules;
    const day = 1440;
    const night = (index: number): [number, number] => [index * day + 1320, (index + 1) * day + 360];
    expect(nights?.weekly).toEqual([night(0), night(1), night(2), night(3), [4 * day + 1320, 7 * day + 360]]);
  });

  test("lowers a time zone to its offsets, from 2020 to 2050", () => {
    const [nights] = tableOf("").body.schedules;
    expect(nights?.offsets.slice(0, 3)).toEqual([
      [Date.UTC(2020, 0, 1), 60],
      [Date.UTC(2020, 2, 29, 1), 120],
      [Date.UTC(2020, 9, 25, 1), 60],
    ]);
    expect(nights?.offsets).toHaveLength(61);
    expect(nights?.until).toBe(Date.UTC(2050, 0, 1));
  });

  test("lets an agent work on the day of its review", () => {
    const { body } = tableOf(`role r { allow a.pay }
      agent bot {
        owner leads purpose "p" roles r review by 2027-01-31
        identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
        never a.pay when args.amount > 5
      }`);
    expect(body.agents[0]).toMatchObject({ owner: "leads", roles: ["r"], review_by: Date.UTC(2027, 1, 1) });
    expect(body.blocks.map((block) => `${block.kind} ${block.name}`)).toEqual(["agent bot", "role r"]);
  });

  test("fills in what the policy block leaves out", () => {
    expect(tableOf("").body.settings).toEqual({
      environments: ["production"],
      session: { lifetime: 28_800_000, idle: 1_800_000 },
      lease: 10_000,
      retain: 183 * 86_400_000,
      region: null,
      people: null,
      requesters: null,
      operators: [],
      auditors: [],
      deployers: [],
    });
  });
});

describe("an agent like another", () => {
  const key = ["11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"];
  const shared = 'owner leads purpose "p" review by 2027-01-31';
  const { body } = tableOf(`role r { allow a.pay } role s { never a.pay }
    agent one { ${shared} roles r identity key ed25519 "${key[0]}" requester required
      may become s via lead for 1h
      limit a.pay to 5 in 1h per agent }
    agent two like one { ${shared} roles s identity key ed25519 "${key[1]}"
      never a.pay when args.amount > 5 }`);
  const [one, two] = body.agents;

  test("has its roles, rules and limits, and its own", () => {
    expect(two?.roles).toEqual(["r", "s"]);
    const block = body.blocks.find(({ kind, name }) => kind === "agent" && name === "two");
    expect(block?.limits.map(({ text }) => text)).toEqual(["limit a.pay to 5 in 1h per agent"]);
    expect(block?.rules.map(({ text }) => text)).toEqual(["never a.pay when args.amount > 5"]);
    expect(one?.roles).toEqual(["r"]);
  });

  test("counts for itself, and has neither its identity nor what it is lent", () => {
    const counters = body.blocks.flatMap(({ limits }) => limits.map(({ counter }) => counter));
    expect(new Set(counters).size).toBe(2);
    expect(two).toMatchObject({ requester_required: false, may_become: [], may_call: [] });
    expect(two?.identities).not.toEqual(one?.identities);
  });
});
