/** Limits and rules about openings that keep their text and reach other requests, by what the comparison says of them. */
import { expect, test } from "vitest";
import { compile, diffPolicies } from "../../compiler/index.ts";
import type { Table } from "../../engine/index.ts";

const POLICY = `policy "acme" {
  environments production
  people oidc "https://acme.cloudflareaccess.com" audience "4714c1358e65fe4b"
}

set domains = ["acme.example", "acme-mail.example"]
set unused = ["acme.example"]
schedule office_hours = mon-fri 09:00-18:00 "Europe/Berlin"
group leads = ["ana@acme.example", "li@acme.example"]
approval pair {
  approvers leads
  quorum 2
}
approval lead {
  approvers leads
}
define outside(host: host) = host not in domains

action email.send(to: host, note: string(max 100))
  is write, external
  on "email/{to}"

action db.drop(table: string(max 20))
  is delete
  on "db/{table}"

role worker {
  allow email.send
  allow db.drop
  limit external to 20 in 1h per agent
  limit * on "db/**" to 5 per session
  limit write when outside(args.to) to 3 per session then ask via pair
}

every agent {
  never session.open unless requester.id in leads
  limit session.open when not during office_hours to 2 in 1h per agent
}

agent bot {
  owner leads
  purpose "Works"
  roles worker
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  review by 2027-01-31
}
`;

function tableOf(text: string): Table {
  const { table, diagnostics } = compile([{ name: "acme.agentpolicy", text }]);
  if (table === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return table;
}

function said(from: string, to: string, back = false): readonly string[] {
  const text = POLICY.replace(from, to);
  expect(text, "the change is about something").not.toBe(POLICY);
  const tables = [tableOf(POLICY), tableOf(text)] as const;
  const { settings, doubts, requests } = back ? diffPolicies(tables[1], tables[0]) : diffPolicies(...tables);
  expect(requests).toEqual([]);
  return [
    ...settings.map(({ direction, what, change }) => `${direction}: ${what} ${change}`),
    ...doubts.map(({ direction, action }) => `may be ${direction}: ${action}`),
  ].sort();
}

const LIMIT = "agent `bot`: `limit write when outside(args.to) to 3 per session then ask via pair`";
const NIGHTS = "agent `bot`: `limit session.open when not during office_hours to 2 in 1h per agent`";

const CASES: readonly (readonly [name: string, from: string, to: string, said: readonly string[]])[] = [
  [
    "a class that an action loses",
    "is write, external",
    "is write",
    ["looser: agent `bot`: `limit external to 20 in 1h per agent` counts fewer `email.send` than before"],
  ],
  [
    "a class that comes to depend on the arguments",
    "is write, external",
    'is write, external when args.to != "acme.example"',
    ["looser: agent `bot`: `limit external to 20 in 1h per agent` counts fewer `email.send` than before"],
  ],
  [
    "a template that names something else",
    'on "db/{table}"',
    'on "data/{table}"',
    ['looser: agent `bot`: `limit * on "db/**" to 5 per session` counts fewer `db.drop` than before'],
  ],
  [
    "a member that a set gains",
    '"acme-mail.example"]',
    '"acme-mail.example", "evil.example"]',
    [`looser: ${LIMIT} counts fewer \`email.send\` than before`],
  ],
  ["a set that nothing reads", 'unused = ["acme.example"]', 'unused = ["evil.example"]', []],
  [
    "a define",
    "= host not in domains",
    '= host not in domains and host != "evil.example"',
    [`looser: ${LIMIT} means something else, which starts a new count`],
  ],
  [
    "an approval beyond the limit",
    "then ask via pair",
    "then ask via lead",
    [`looser: ${LIMIT.replace("pair", "lead")} asks via pair → lead; \`lead\` in place of \`pair\`: quorum 2 → 1`],
  ],
  [
    "somebody who joins those who may open sessions",
    '"li@acme.example"]',
    '"li@acme.example", "bo@acme.example"]',
    [
      "looser: agent `bot`: `never session.open unless requester.id in leads` refuses fewer openings than before",
      "looser: approval `lead` `bo@acme.example` may approve too",
      "looser: approval `pair` `bo@acme.example` may approve too",
    ],
  ],
  ["hours that grow", "09:00-18:00", "09:00-20:00", [`looser: ${NIGHTS} counts fewer openings than before`]],
];

test.each(CASES)("%s", (_, from, to, lines) => {
  expect(said(from, to)).toEqual([...lines].sort());
});

test("the other way round more is counted, which is stricter", () => {
  expect(said('"acme-mail.example"]', '"acme-mail.example", "evil.example"]', true)).toEqual([
    `stricter: ${LIMIT} counts more \`email.send\` than before`,
  ]);
});
