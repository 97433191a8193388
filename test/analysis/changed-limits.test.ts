/** Limits that are counted elsewhere, or of which several share one count: no way around the comparison. */
import { expect, test } from "vitest";
import { compile, diffPolicies } from "../../compiler/index.ts";
import type { Table } from "../../engine/index.ts";

const POLICY = `policy "acme" {
  people oidc "https://acme.cloudflareaccess.com" audience "4714c1358e65fe4b"
}

group leads = ["ana@acme.example", "li@acme.example"]

approval lead { approvers leads }
approval pair { approvers leads quorum 2 }

action refund(amount: decimal(min 0.01))
  is write, spend
  on "refunds"

role billing {
  ask refund via lead
}

every agent {
}

agent first {
  owner leads
  purpose "Refunds"
  roles billing
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  review by 2027-01-31
}

agent second {
  owner leads
  purpose "Refunds"
  roles billing
  identity key ed25519 "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"
  review by 2027-01-31
}
`;

type Place = "every agent {" | "role billing {" | "agent first {" | "agent second {";

function tableWith(limits: string, ...places: readonly Place[]): Table {
  const text = places.reduce((policy, place) => policy.replace(place, `${place}\n${limits}\n`), POLICY);
  const { table, diagnostics } = compile([{ name: "acme.agentpolicy", text }]);
  if (table === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return table;
}

function told(before: Table, after: Table): readonly string[] {
  return diffPolicies(before, after).settings.map(({ direction, what, change }) => `${direction}: ${what} ${change}`);
}

test.each(["fleet", "agent", "session"])("a limit per %s that moves to each agent starts a new count", (scope) => {
  const limit = `limit refund to 5 in 1h per ${scope}`;
  const before = tableWith(limit, "every agent {");
  const after = tableWith(limit, "agent first {", "agent second {");
  expect(told(before, after)).toEqual([
    `looser: agent \`first\`: \`${limit}\` moved from \`every agent\` to agent \`first\`, which starts a new count`,
    `looser: agent \`second\`: \`${limit}\` moved from \`every agent\` to agent \`second\`, which starts a new count`,
  ]);
  expect(diffPolicies(after, before).looser).toBe(true);
});

test("a limit that also stands elsewhere can go, but one that counts several agents together can't", () => {
  const both = (limit: string): readonly string[] =>
    told(tableWith(limit, "every agent {", "role billing {"), tableWith(limit, "role billing {"));
  expect(both("limit refund to 5 in 1h per agent")).toEqual([]);
  expect(both("limit refund to 5 in 1h per fleet")).toEqual([
    "looser: agents `first`, `second`: `limit refund to 5 in 1h per fleet` is gone",
  ]);
});

test.each([
  ["raised", "limit refund to 10000 in 1h per agent then ask via pair"],
  ["asking less", "limit refund to 10 in 1h per agent then ask via lead"],
  ["gone", ""],
])("the second of two limits of one count is %s", (_, second) => {
  const first = "limit refund to 5 in 1h per agent then ask via lead\n";
  const before = tableWith(`${first}limit refund to 10 in 1h per agent then ask via pair`, "role billing {");
  const after = tableWith(`${first}${second}`, "role billing {");
  const less = "beyond 10 asks via pair and lead → lead; `pair` isn't asked any more";
  expect(told(before, after)).toEqual([expect.stringContaining(less)]);
  expect(diffPolicies(after, before)).toMatchObject({ looser: false, settings: [{ direction: "stricter" }] });
});

test("totals are compared exactly", () => {
  const [less, more] = ["1", "2"].map((last) =>
    tableWith(`limit refund total args.amount to 999999999999.99999${last} in 1h per agent`, "role billing {"),
  );
  if (less === undefined || more === undefined) throw new Error("two tables");
  expect(told(less, more)).toEqual([expect.stringMatching(/^looser: .* 999999999999.999991 → 999999999999.999992$/)]);
  expect(diffPolicies(more, less).looser).toBe(false);
});
