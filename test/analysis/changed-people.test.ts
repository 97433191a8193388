/** Who may approve, where the approval keeps its text and people come and go. */
import { describe, expect, test } from "vitest";
import { compile, diffPolicies } from "../../compiler/index.ts";
import type { Table } from "../../engine/index.ts";

const POLICY = `policy "p" { environments production }

group leads = ["ana@acme.example", "li@acme.example"]
group owners = ["li@acme.example", "bo@acme.example"]
group late = ["cy@acme.example"]

approval pair {
  approvers leads
  excluding owners
  escalate late after 1h
}

action notes.add(note: string(max 9))
  is write
  on none

role writer {
  ask notes.add via pair
}

agent bot {
  owner owners
  purpose "Writes"
  roles writer
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  review by 2027-01-31
}
`;

function tableOf(text: string): Table {
  const { table, diagnostics } = compile([{ name: "p.agentpolicy", text }]);
  if (table === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return table;
}

function said(base: string, from: string, to: string): readonly string[] {
  const [before, after] = [tableOf(base), tableOf(base.replace(from, to))];
  return diffPolicies(before, after).settings.map(({ direction, what, change }) => `${direction}: ${what} ${change}`);
}

const free = (who: string): string => `looser: agent \`bot\` ${who} isn't kept from approving as an owner any more`;
const kept = (who: string): string => `stricter: agent \`bot\` ${who} is kept from approving as an owner`;

describe("where owners are excluded", () => {
  test.each([
    ["somebody leaves the group that owns it", '"li@acme.example", "bo@', '"bo@', [free("`li@acme.example`")]],
    [
      "somebody joins the group that owns it",
      '"bo@acme.example"',
      '"bo@acme.example", "cy@acme.example"',
      [kept("`cy@acme.example`")],
    ],
    [
      "another group owns it",
      "owner owners",
      "owner late",
      [free("`bo@acme.example`, `li@acme.example`"), kept("`cy@acme.example`")],
    ],
    ["somebody alone owns it", "owner owners", 'owner "li@acme.example"', [free("`bo@acme.example`")]],
    [
      "somebody joins those who decide late",
      '"cy@acme.example"',
      '"cy@acme.example", "di@acme.example"',
      ["looser: approval `pair` `di@acme.example` may approve too, after 1h"],
    ],
  ])("%s", (_, from, to, lines) => {
    expect(said(POLICY, from, to)).toEqual(lines);
  });
});

test("where owners aren't excluded, who owns an agent changes no approval", () => {
  expect(said(POLICY.replace("  excluding owners\n", ""), "owner owners", "owner late")).toEqual([]);
});
