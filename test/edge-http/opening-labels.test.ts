import { expect, test } from "vitest";
import { compile } from "../../compiler/index.ts";
import { openingLabels } from "../../edge/opening-labels.ts";

const policy = (lines: string): string => `policy "labels" {
  environments development
}

label seen is taint, private is sensitive, one, two

group ops = ["oda@corp.example"]

approval review {
  approvers ops
  within    1h
}

action add(text: string(max 20))
  is write
  on "notes"
  ${lines.startsWith("yields") ? lines : ""}

role worker {
  ${lines.startsWith("yields") ? "allow add" : lines}
}

agent bot {
  owner    ops
  purpose  "Is looked at"
  roles    worker
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  review   by 2099-12-31
}
`;

function opening(lines: string): readonly string[] {
  const { table, diagnostics } = compile([{ name: "labels.agentpolicy", text: policy(lines) }]);
  if (table === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return [...openingLabels(table.body)].toSorted();
}

test.each([
  ["allow add when session has one", ["one"]],
  ["allow add when session has one or session has two", ["one", "two"]],
  ["allow add unless session has one", []],
  ["allow add when not (not session has one)", ["one"]],
  ['allow add when session.labels contains "one"', ["one"]],
  ["allow add\n  never add when session has one", []],
  ["allow add\n  never add unless session has one", ["one"]],
  ["allow add\n  ask add when session has one via review", []],
  ["allow add\n  ask add unless session has one via review", ["one"]],
  ["allow add\n  limit add unless session has two to 2 per session", ["two"]],
  ["allow add\n  limit add when session has two to 2 per session", []],
  ["allow add when session has seen", []],
  ["yields one unless session has two", ["two"]],
] as const)("%j", (lines, labels) => {
  expect(opening(lines)).toEqual(labels);
});
