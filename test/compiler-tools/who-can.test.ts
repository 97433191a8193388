/** What `who-can` takes for an action, and whom it counts. */
import { expect, test } from "vitest";
import { actionsSelected, compile, didYouMean, whoCan, whoCanText, whoCanTexts } from "../../compiler/index.ts";
import type { Table } from "../../engine/index.ts";

const agent = (name: string, items: string): string => `agent ${name} {
  owner    leads
  purpose  "Works"
  identity key ed25519 "Z${name.length}qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  review   by 2027-05-30
  ${items}
}
`;

const text = `policy "asked" {
  people oidc "https://login.acme.example" audience "esc"
}
group leads = ["ana@acme.example"]
action crm.read(to: string(max 64)) is read on none
action crm.list(to: string(max 64)) is read on none
action crm.drop(all: bool) is write, delete when args.all on none
${agent("worker", "allow crm.read, crm.list")}
${agent("lead", "allow crm.list\n may call worker for crm.*")}
${agent("director", "allow crm.list\n may call lead for crm.read")}
${agent("aside", "allow crm.list\n may call lead for crm.drop")}
`;

function table(): Table {
  const { table: found, diagnostics } = compile([{ name: "a.agentpolicy", text }], { today: Date.UTC(2026, 10, 21) });
  if (found === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return found;
}

function asked(typed: string): readonly string[] | string {
  const selected = actionsSelected(table(), typed);
  return selected.ok ? selected.actions.map(({ name }) => name) : `${selected.problem}; ${selected.help ?? ""}`;
}

test.each([
  ["an action", "crm.read", ["crm.read"]],
  ["a prefix", "crm.*", ["crm.drop", "crm.list", "crm.read"]],
  ["a class", "read", ["crm.list", "crm.read"]],
  ["a class that depends on the arguments", "delete", ["crm.drop"]],
  ["everything", "*", ["crm.drop", "crm.list", "crm.read"]],
])("%s names its actions", (_, typed, expected) => {
  expect(asked(typed)).toEqual(expected);
});

test.each([
  ["crm.raed", "did you mean `crm.read`?"],
  ["cmr.*", "did you mean `crm.*`?"],
  ["raed", "did you mean `read`?"],
  ["session.open", "--action session.open"],
])("%s is told what may be meant", (typed, help) => {
  expect(asked(typed)).toContain(help);
});

test("agents that reach it through others aren't among those that can't", () => {
  const [read] = table().body.actions.filter(({ name }) => name === "crm.read");
  if (read === undefined) throw new Error("the policy has the action");
  const found = whoCan(table(), read);
  expect(found.agents.map((one) => one.agent)).toEqual(["worker"]);
  expect(found.through).toEqual([
    { caller: "director", agent: "lead" },
    { caller: "lead", agent: "worker" },
  ]);
  expect(found.others).toEqual(["aside"]);
  const shown = whoCanText(found, { colour: false, width: 80, rules: false });
  expect(shown).toContain("director may call lead for it\nlead may call worker for it\n\n1 other agent can't\n");
});

test("actions of which the same is told stand together", () => {
  const found = table().body.actions.map((action) => whoCan(table(), action));
  const shown = whoCanTexts(found, { colour: false, width: 80, rules: false });
  expect(shown.match(/^── .*/gm)).toEqual(["── crm.drop", "── crm.list", "── crm.read"]);
  expect(shown).toContain("── crm.drop\n\nno agent can\n");
});

test.each([
  ["drop", "did you mean `crm.drop`?"],
  ["crm", "there is `crm.drop`, `crm.list`, `crm.read`"],
])("%s, a part of names, is told %s", (typed, help) => {
  expect(didYouMean(typed, ["crm.drop", "crm.list", "crm.read"])).toBe(help);
});
