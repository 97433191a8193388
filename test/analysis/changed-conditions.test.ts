/** Conditions outside of the rules on requests: what they are about less than before is told. */
import { expect, test } from "vitest";
import { compile, diffPolicies } from "../../compiler/index.ts";
import type { Table } from "../../engine/index.ts";

const WORDS = {
  paths: '"/in", "/tmp"',
  hours: "09:00-18:00",
  trusted: '"ana@acme.example"',
  refused: 'request.country in ["KP", "RU"]',
};

function tableOf(changed: Partial<typeof WORDS>): Table {
  const { paths, hours, trusted, refused } = { ...WORDS, ...changed };
  const text = `policy "acme" {}
label untrusted is taint
set paths = [${paths}]
schedule hours = mon-fri ${hours} "Europe/Berlin"
group trusted = [${trusted}]
action files.read(path: string)
  is read
  on none
  yields untrusted when args.path in paths
action mails.read(from: email)
  is read
  on none
  yields untrusted when args.from not in trusted
action web.read()
  is read
  on none
  yields untrusted when during hours
every agent {
  never session.open when ${refused}
}
agent bot {
  owner "ana@acme.example"
  purpose "Reads"
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  review by 2027-01-31
  allow read
}
`;
  const { table, diagnostics } = compile([{ name: "acme.agentpolicy", text }]);
  if (table === null)
    throw new Error(diagnostics.flatMap(({ level, message }) => (level === "error" ? [message] : [])).join("\n"));
  return table;
}

test.each([
  ["a set", { paths: '"/in"' }, "action `files.read` yields `untrusted` in other cases"],
  [
    "a group",
    { trusted: '"ana@acme.example", "li@acme.example"' },
    "action `mails.read` yields `untrusted` in other cases",
  ],
  ["a schedule", { hours: "09:00-10:00" }, "action `web.read` yields `untrusted` in other cases"],
  [
    "a rule about openings",
    { refused: 'request.country in ["RU"]' },
    'agent `bot`: `never session.open when request.country in ["KP", "RU"]` is gone',
  ],
])("of %s", (_, changed, told) => {
  const { settings, looser } = diffPolicies(tableOf({}), tableOf(changed));
  expect(
    settings.filter(({ direction }) => direction === "looser").map(({ what, change }) => `${what} ${change}`),
  ).toEqual([told]);
  expect(looser).toBe(true);
});

test("a rule about openings that refuses more took the place of another", () => {
  const { settings, looser } = diffPolicies(tableOf({ refused: 'request.country in ["RU"]' }), tableOf({}));
  expect(settings).toMatchObject([{ direction: "stricter", change: expect.stringContaining("became") as string }]);
  expect(looser).toBe(false);
});

test("of what a caller may have done, where the class that it names depends on a set", () => {
  const callable = (members: string): Table => {
    const text = `policy "acme" {}
set commands = [${members}]
action shell.run(command: string)
  is write, execute when args.command in commands
  on none
agent caller {
  owner "ana@acme.example"
  purpose "Plans"
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  review by 2027-01-31
  never write
  may call worker for execute
}
agent worker {
  owner "ana@acme.example"
  purpose "Works"
  identity key ed25519 "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"
  review by 2027-01-31
  allow shell.run
}
`;
    const { table } = compile([{ name: "acme.agentpolicy", text }]);
    if (table === null) throw new Error("a table");
    return table;
  };
  const { settings, looser } = diffPolicies(callable('"ls"'), callable('"ls", "rm"'));
  expect(settings).toMatchObject([
    { direction: "looser", change: "may call `worker` for `shell.run` in other cases, as `execute` means it now" },
  ]);
  expect(looser).toBe(true);
});
