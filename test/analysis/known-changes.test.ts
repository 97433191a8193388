/** Changes to one policy, by what the comparison has to say of them. */
import { describe, expect, test } from "vitest";
import { compile, diffPolicies, diffText, type PolicyDiff, whoCan, whoCanText } from "../../compiler/index.ts";
import type { Table } from "../../engine/index.ts";

const POLICY = `policy "acme" {
  environments staging, production
  session lifetime 8h idle 30m
  lease 10s
  retain 183d
  people oidc "https://acme.cloudflareaccess.com" audience "4714c1358e65fe4b"
  operators leads
  auditors leads
}

label untrusted is taint, confidential is sensitive
set domains = ["acme.example", "acme-mail.example"]
schedule office_hours = mon-fri 09:00-18:00 "Europe/Berlin"
group leads = ["ana@acme.example", "li@acme.example"]
group all = ["ana@acme.example", "li@acme.example", "bo@acme.example"]
channel ops = slack secret "OPS"

approval pair {
  approvers leads
  quorum 2
  within 30m
  reason required
}

approval lead {
  approvers leads
  within 4h
}

action crm.read(id: string(max 20))
  is read
  on "crm/{id}"
  yields confidential

action payments.refund(order: string(max 20), amount: decimal(min 0.01, max 1000))
  is write, spend
  on "payments/{order}"

action email.send(to: list<email>(min 1, max 5), body: string(max 200))
  is external, irreversible
  on "email/outbox"

role sales {
  allow crm.read on "crm/c-*"
  notify email.send when every a in args.to: a.domain in domains to ops
  ask email.send unless every a in args.to: a.domain in domains via lead
  limit email.send to 20 in 1h per agent
}

role billing {
  allow payments.refund when args.amount <= 50 and during office_hours
  ask payments.refund unless args.amount <= 50 and during office_hours via pair
  limit payments.refund total args.amount to 500 in 24h per agent then ask via pair
}

every agent {
  never external when session has untrusted and session has confidential
}

agent sales_bot {
  owner leads
  purpose "Sells"
  roles sales
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  review by 2027-01-31
}

agent billing_bot {
  owner leads
  purpose "Refunds"
  roles billing
  identity key ed25519 "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"
  requester required
  review by 2027-01-31
  may become sales via pair for 30m
}
`;

function tableOf(text: string): Table {
  const { table, diagnostics } = compile([{ name: "acme.agentpolicy", text }]);
  if (table === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return table;
}

function changed(from: string | RegExp, to: string): PolicyDiff {
  const text = POLICY.replace(from, to);
  expect(text, "the change is about something").not.toBe(POLICY);
  return diffPolicies(tableOf(POLICY), tableOf(text));
}

function lines({ requests, settings, doubts }: PolicyDiff): readonly string[] {
  return [
    ...requests.map(
      ({ kind, action, agents, before, after }) =>
        `${kind}: ${action} for ${agents.toSorted().join()}: ${before.tier} → ${after.tier}`,
    ),
    ...settings.map(({ direction, what, change }) => `${direction}: ${what} ${change}`),
    ...doubts.map(({ direction, action }) => `may be ${direction}: ${action}`),
  ];
}

const CASES: readonly (readonly [name: string, from: string | RegExp, to: string, said: readonly string[]])[] = [
  ["a role renamed", /\bbilling\b/g, "refunds", []],
  ["a rule written in another way", "args.amount <= 50 and", "not args.amount > 50 and", []],
  [
    "a set's members in another order",
    '["acme.example", "acme-mail.example"]',
    '["acme-mail.example", "acme.example"]',
    [],
  ],
  ["an approval renamed", /\blead\b/g, "lead_review", []],
  ["a label renamed", /\buntrusted\b/g, "outside", []],
  ["a bound raised by a cent", /<= 50 /g, "<= 50.01 ", ["less strict: payments.refund for billing_bot: ask → allow"]],
  ["a pattern widened", '"crm/c-*"', '"crm/**"', ["newly allowed: crm.read for billing_bot,sales_bot: deny → allow"]],
  [
    "a restriction dropped",
    /  never external.*\n/,
    "",
    ["newly allowed: email.send for billing_bot,sales_bot: deny → notify"],
  ],
  [
    "an approval exchanged for a weaker one",
    "via pair\n  limit",
    "via lead\n  limit",
    [
      "less strict: payments.refund for billing_bot: ask → ask",
      // Beyond the limit both are needed now, and nobody counts in both.
      "stricter: payments.refund for billing_bot: ask → ask",
    ],
  ],
  [
    "a channel dropped",
    /notify email.send (.*) to ops/,
    "allow email.send $1",
    ["less strict: email.send for billing_bot,sales_bot: notify → allow"],
  ],
  [
    "a set grown",
    '"acme-mail.example"]',
    '"acme-mail.example", "evil.example"]',
    ["less strict: email.send for billing_bot,sales_bot: ask → notify"],
  ],
  [
    "a parameter that admits more",
    "max 1000)",
    "max 2000)",
    [
      "newly allowed: payments.refund for billing_bot: deny → ask",
      "looser: action `payments.refund` `amount: decimal(min 0.01, max 1000)` → `amount: decimal(min 0.01, max 2000)`",
    ],
  ],
  [
    "a requester no longer needed",
    "  requester required\n",
    "",
    [
      "newly allowed: email.send for billing_bot: deny → notify",
      "newly allowed: payments.refund for billing_bot: deny → allow",
      "newly allowed: crm.read for billing_bot: deny → allow",
      "looser: agent `billing_bot` requester required dropped",
    ],
  ],
  ["a quorum lowered", "quorum 2", "quorum 1", ["looser: approval `pair` quorum 2 → 1"]],
  ["a reason no longer required", "  reason required\n", "", ["looser: approval `pair` reason required dropped"]],
  [
    "more approvers",
    "approvers leads\n  quorum",
    "approvers all\n  quorum",
    ["looser: approval `pair` `bo@acme.example` may approve too"],
  ],
  [
    "a limit raised",
    "to 20 in",
    "to 30 in",
    ["looser: agents `billing_bot`, `sales_bot`: `limit email.send to 30 in 1h per agent` counts to 20 → 30"],
  ],
  [
    "a limit that lasts shorter",
    "in 24h per",
    "in 12h per",
    [
      "looser: agent `billing_bot`: `limit payments.refund total args.amount to 500 in 24h per agent then ask via pair` became `limit payments.refund total args.amount to 500 in 12h per agent then ask via pair`, which starts a new count",
    ],
  ],
  [
    "a label no longer yielded",
    "\n  yields confidential",
    "",
    ["looser: action `crm.read` `yields` `confidential` removed"],
  ],
  [
    "another tool",
    'on "crm/{id}"',
    'on "crm/{id}"\n  tool "delete_all"',
    ["looser: action `crm.read` stands for another tool: none → `delete_all`"],
  ],
  ["a longer session", "lifetime 8h", "lifetime 12h", ["looser: policy session lifetime 8h → 12h"]],
  ["records kept for less long", "retain 183d", "retain 90d", ["looser: policy retain 183d → 90d"]],
  ["a later review", "2027-01-31\n}", "2027-06-30\n}", ["looser: agent `sales_bot` review by 2027-01-31 → 2027-06-30"]],
  ["a role kept longer", "for 30m", "for 60m", ["looser: agent `billing_bot` may become `sales` for 30m → 1h"]],
  ["more operators", "operators leads", "operators all", ["looser: policy operators: `bo@acme.example` is one too"]],
];

describe("a comparison", () => {
  test.each(CASES)("of %s", (_, from, to, said) => {
    expect([...lines(changed(from, to))].sort()).toEqual([...said].sort());
  });

  test("of a new agent shows all that it may do", () => {
    const agent = POLICY.slice(POLICY.indexOf("agent sales_bot"), POLICY.indexOf("agent billing_bot"))
      .replace("sales_bot", "new_bot")
      .replace("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "Ym90Ym90Ym90Ym90Ym90Ym90Ym90Ym90Ym90Ym90Ym8");
    const found = diffPolicies(tableOf(POLICY), tableOf(POLICY + agent));
    expect(lines(found)).toEqual([
      "newly allowed: email.send for new_bot: deny → notify",
      "newly allowed: crm.read for new_bot: deny → allow",
      "looser: agent `new_bot` is new",
    ]);
  });

  test("the other way round shows the same, and calls it stricter", () => {
    const wide = tableOf(POLICY.replace('"crm/c-*"', '"crm/**"'));
    expect(lines(diffPolicies(wide, tableOf(POLICY)))).toEqual([
      "newly denied: crm.read for billing_bot,sales_bot: allow → deny",
    ]);
  });

  test("says of what it can't decide that it may be looser", () => {
    const one = POLICY.replace(
      "allow crm.read",
      "ask email.send when args.body contain secrets via pair\n  allow crm.read",
    );
    const other = POLICY.replace(
      "allow crm.read",
      "ask email.send when args.body contain card_numbers via pair\n  allow crm.read",
    );
    expect(diffPolicies(tableOf(one), tableOf(other)).looser).toBe(true);
  });

  test("of what an agent's own rules keep from agents that it calls", () => {
    const calling = POLICY.replace(
      "  requester required\n",
      "  requester required\n  may call sales_bot for email.send\n  never email.send when args.to.size > 2\n",
    ).replace("  may become sales via pair for 30m\n", "");
    const found = diffPolicies(tableOf(calling), tableOf(calling.replace("args.to.size > 2", "args.to.size > 3")));
    expect(lines(found)).toEqual(["may be looser: email.send"]);
    expect(lines(diffPolicies(tableOf(calling), tableOf(calling)))).toEqual([]);
  });

  test("prints dangerous changes first, each with a test that passes", () => {
    const text = POLICY.replace(/ {2}never external.*\n/, "").replace('"crm/c-*"', '"crm/**"');
    const printed = diffText(diffPolicies(tableOf(POLICY), tableOf(text)), { colour: false, width: 100 });
    expect(printed.indexOf("email.send")).toBeLessThan(printed.indexOf("crm.read"));
    expect(printed).toContain("session has untrusted");
    expect(diffText(diffPolicies(tableOf(POLICY), tableOf(POLICY)), { colour: false, width: 100 })).toBe("no change\n");
  });
});

describe("who can", () => {
  const table = tableOf(POLICY);
  const send = table.body.actions.find(({ name }) => name === "email.send");
  if (send === undefined) throw new Error("the policy lost its action");
  const printed = whoCanText(whoCan(table, send), { colour: false, width: 80, rules: false });

  test("names the agents with all that it comes to, also by elevation", () => {
    expect(printed).toBe(
      [
        "billing_bot",
        "  –",
        "  for a verified person only",
        "    never   when session has untrusted and session has confidential",
        "    –       where no rule grants it",
        "  as sales, which it may become via pair for 30m",
        "    notify | ask (lead) | never",
        "      notify  when every a in args.to: a.domain in domains, told to ops",
        "      ask     unless every a in args.to: a.domain in domains, via lead",
        "      limit   email.send to 20 in 1h per agent",
        "",
        "sales_bot",
        "  notify | ask (lead) | never",
        "    notify  when every a in args.to: a.domain in domains, told to ops",
        "    ask     unless every a in args.to: a.domain in domains, via lead",
        "    never   when session has untrusted and session has confidential",
        "    limit   email.send to 20 in 1h per agent",
        "",
      ].join("\n"),
    );
  });
});

test("what there is no effort left for may be looser", () => {
  const [before, after] = [tableOf(POLICY), tableOf(POLICY.replace("args.amount <= 50 and", "args.amount <= 60 and"))];
  const { requests, doubts, looser } = diffPolicies(before, after, { effort: -1 });
  expect({ requests, looser }).toEqual({ requests: [], looser: true });
  expect(doubts).toMatchObject([{ direction: "looser", action: "payments.refund", why: "too many cases" }]);
  expect(diffText(diffPolicies(before, before, { effort: -1 }), { colour: false, width: 100 })).toBe("no change\n");
});
