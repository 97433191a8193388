/** Parameters that come to take more or less, whether or not a rule reads them. */
import { describe, expect, test } from "vitest";
import { compile, diffPolicies, type PolicyDiff } from "../../compiler/index.ts";
import type { Table } from "../../engine/index.ts";

function tableOf(params: string): Table {
  const text = `policy "p" { environments production }
group leads = ["ana@acme.example"]

action notes.add(${params})
  is write
  on none

role writer {
  allow notes.add
}

agent bot {
  owner leads
  purpose "Writes"
  roles writer
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  review by 2027-01-31
}
`;
  const { table, diagnostics } = compile([{ name: "p.agentpolicy", text }]);
  if (table === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return table;
}

function directions({ settings }: PolicyDiff): readonly string[] {
  return [...new Set(settings.map(({ direction }) => direction))].sort();
}

const WIDER: readonly (readonly [narrow: string, wide: string])[] = [
  ["a: string(max 100)", "a: string(max 200)"],
  ["a: string(max 100)", "a: string"],
  ["a: string(min 2, max 9)", "a: string(max 9)"],
  ['a: string(max 9, like "n-*")', "a: string(max 9)"],
  ["a: list<email>(max 5)", "a: list<email>(max 6)"],
  ["a: list<email>(min 2, max 5)", "a: list<email>(max 5)"],
  ["a: list<string(max 5)>(max 5)", "a: list<string(max 6)>(max 5)"],
  ["a: path(lower)", "a: path"],
  ["a: url", "a: url(https, http)"],
  ['a: enum("x", "y")', 'a: enum("x", "y", "z")'],
  ["a: int(min 1, max 5)", "a: int(min 1, max 6)"],
  ["a: int(min 1, max 5)", "a: int(max 5)"],
  ["a: int(min 1, max 5)", "a: decimal(min 1, max 5)"],
  ["a: decimal(max 0.1)", "a: decimal(max 0.100001)"],
  ["a: email", "a: string"],
  ["a: record { x: int }", "a: record { x: int, y: int? }"],
  ["a: record { x: int(max 3) }", "a: record { x: int(max 4) }"],
  ["a: record { x: int }", "a: record { x: int? }"],
  ["a: record { x: int }", "a: json"],
  ["a: int", "a: int?"],
  ["a: int", "a: int, b: int?"],
  ["a: int", "a: int, ..."],
];

describe("a parameter", () => {
  test.each(WIDER)("%s → %s is looser, and stricter the other way round", (narrow, wide) => {
    const [before, after] = [tableOf(narrow), tableOf(wide)];
    expect(directions(diffPolicies(before, after))).toEqual(["looser"]);
    expect(directions(diffPolicies(after, before))).toEqual(["stricter"]);
  });

  test.each([
    ["a: path", "a: path(absolute)"],
    ["a: email", "a: host"],
    ["a: int", "b: int"],
    ["a: int(min 1, max 5)", "a: int(min 2, max 6)"],
    ["a: record { x: int }", "a: record { x: int, y: int }"],
    ["a: int", "..."],
  ])("%s → %s takes what was refused, both ways", (one, other) => {
    const [before, after] = [tableOf(one), tableOf(other)];
    expect(diffPolicies(before, after).looser).toBe(true);
    expect(diffPolicies(after, before).looser || other === "...").toBe(true);
  });

  test.each([
    ["a: record { x: int, y: int }", "a: record { y: int, x: int }"],
    ["a: int, b: int", "b: int, a: int"],
  ])("%s → %s is no change", (one, other) => {
    expect(directions(diffPolicies(tableOf(one), tableOf(other)))).toEqual([]);
  });

  test("is shown as the policy writes it", () => {
    const { settings } = diffPolicies(tableOf("a: list<path(lower)>(max 2)"), tableOf("a: list<path>(max 2)?"));
    expect(settings).toEqual([
      {
        direction: "looser",
        what: "action `notes.add`",
        change: "`a: list<path(lower)>(min 1, max 2)` → `a: list<path>(min 1, max 2)?`",
        agents: [],
        actions: [],
      },
    ]);
  });
});
