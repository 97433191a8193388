/** What stands beside the decisions: each change is told with its names and numbers. */
import { expect, test } from "vitest";
import { compile, diffPolicies, diffText, runTests } from "../../compiler/index.ts";
import type { Table } from "../../engine/index.ts";

const POLICY = `policy "acme" {
  environments staging, production
  session lifetime 8h idle 30m
  people oidc "https://acme.cloudflareaccess.com" audience "4714c1358e65fe4b"
  operators leads
  auditors leads
}

label untrusted is taint
group leads = ["ana@acme.example", "li@acme.example"]
group all = ["ana@acme.example", "li@acme.example", "bo@acme.example"]
group finance = claim "groups" "finance"
live set vendors editors leads
channel ops = slack secret "OPS"
channel sec = slack secret "SEC"

approval three {
  approvers leads
  quorum 2
  within 30m
  tell ops
}

approval two {
  approvers all
  within 4h
  escalate finance after 1h
  reuse 5 in 1h varying (body)
  fatigue 20 in 1h
  decoys 1 in 20
}

approval one {
  approvers all
  within 4h
}

action crm.read(id: string(max 20))
  is read
  on "crm/{id}"
  yields untrusted

action crm.export(id: string(max 20), token: secret string?)
  is write
  on "crm/{id}"

action email.send(body: string(max 200))
  is external
  on none

role sales {
  allow read
  ask email.send via two
  allow crm.export when args.id in vendors
  limit crm.export to 20 in 1h per agent then ask via three
}

agent planner {
  owner leads
  purpose "Plans"
  roles sales
  identity oidc "https://token.actions.githubusercontent.com" {
    repository "acme/planner"
    environment "production"
  }
  review by 2027-01-31
  may call reader for read
  starts with untrusted
}

agent reader {
  owner leads
  purpose "Reads"
  roles sales
  identity key ed25519 "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"
  review by 2027-01-31
}

gateway front {
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  for reader
}

canary bait sha256 "ec7904cd327ffa16e8946ad64084cc5149b8fc2454ed4b9dbc93e2d02d29be2e"
breaker runaway { when 5 denied in 1m per session then kill session, tell ops }
`;

function tableOf(text: string): Table {
  const { table, diagnostics } = compile([{ name: "acme.agentpolicy", text }]);
  if (table === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return table;
}

const OIDC = "identity of `https://token.actions.githubusercontent.com`";
const LIMIT = "agents `planner`, `reader`: `limit crm.export to 20 in 1h per agent then ask via";

test.each<readonly [name: string, from: string, to: string, said: string]>([
  ["an approver", "approvers leads", "approvers all", "approval `three` `bo@acme.example` may approve too"],
  ["a tell", "  tell ops\n", "", "approval `three` doesn't tell `ops` any more"],
  ["another told", "  tell ops\n", "  tell sec\n", "approval `three` doesn't tell `ops` any more"],
  [
    "sooner",
    "finance after 1h",
    "finance after 5m",
    'approval `two` whoever has the claim `groups` "finance" may approve after 1h → after 5m',
  ],
  ["reuse", "reuse 5 in 1h", "reuse 50 in 1h", "approval `two` reuse 5 in 1h → 50 in 1h"],
  ["fatigue", "fatigue 20 in 1h", "fatigue 20 in 30m", "approval `two` fatigue 20 in 1h → 20 in 30m"],
  ["no fatigue", "  fatigue 20 in 1h\n", "", "approval `two` fatigue 20 in 1h → no end"],
  ["decoys", "1 in 20", "1 in 100", "approval `two` decoys 1 in 20 → 1 in 100"],
  ["a limit's approval", "ask via three", "ask via one", `${LIMIT} one\` asks via three → one; \`one\` in place of`],
  ["a claim dropped", '    environment "production"\n', "", `agent \`planner\` ${OIDC}: claim \`environment\` isn't`],
  ["a claim's value", '"acme/planner"', '"acme/other"', `${OIDC}: claim \`repository\` may be "acme/other" too`],
  ["a starting label", "  starts with untrusted\n", "", "agent `planner` `starts with` `untrusted` removed"],
  ["a class", "is write\n", "is read, write\n", "may call `reader` for `crm.export` too, now meant by `read`"],
  [
    "a task",
    "  starts with",
    "  task from client\n  starts with",
    "agent `reader` may know a task without a requester, from the client of an agent above it",
  ],
  ["a yield", "\n  yields untrusted", "", "action `crm.read` `yields` `untrusted` removed"],
  ["a secret", "secret string", "string", "action `crm.export` `token` is no longer secret"],
  ["operators", "operators leads", "operators all", "policy operators: `bo@acme.example` is one too"],
  ["editors", "editors leads", "editors all", "live set `vendors` `bo@acme.example` may change it too"],
  ["people", '"4714c1358e65fe4b"', '"other"', "`4714c1358e65fe4b` → `https://acme.cloudflareaccess.com` for `other`"],
  ["a channel", 'secret "OPS"', 'secret "ELSE"', "channel `ops` leads somewhere else: `slack` secret `OPS` → "],
  ["a gateway", "for reader", "for reader, planner", "gateway `front` `for` `planner` added"],
  ["a breaker", "when 5 denied", "when 50 denied", "`5 denied in 1m per session` → `50 denied in 1m per session`"],
  ["a kill", "then kill session, tell ops", "then tell ops", "breaker `runaway` doesn't kill the session any more"],
  ["a breaker's tell", "kill session, tell ops", "kill session", "breaker `runaway` doesn't tell `ops` any more"],
  ["a canary", 'sha256 "ec7904', 'sha256 "fc7904', "canary `bait` sha256 `ec7904"],
])("%s", (_, from, to, said) => {
  const text = POLICY.replace(from, to);
  const { settings } = diffPolicies(tableOf(POLICY), tableOf(text));
  const looser = settings.filter(({ direction }) => direction === "looser");
  expect(looser.map(({ what, change }) => `${what} ${change}`)).toContainEqual(expect.stringContaining(said));
});

test("two approvals can't be made up for by one, whom only one person is asked for", () => {
  const both = POLICY.replace("ask email.send via two", "ask email.send via two and three");
  for (const one of ["two", "three"]) {
    const { requests } = diffPolicies(
      tableOf(both),
      tableOf(POLICY.replace("email.send via two", `email.send via ${one}`)),
    );
    const gone = one === "two" ? "three" : "two";
    expect(requests).toMatchObject([{ kind: "less strict", because: [`\`${gone}\` isn't asked any more`] }]);
  }
});

const OPENING = "\nevery agent { limit session.open to N in 1h per agent }\n";

test.each([
  ["100", "looser"],
  ["20", "looser"],
  ["1", "stricter"],
])("a first limit on openings is compared with what held without one: to %s is %s", (n, direction) => {
  const now = tableOf(POLICY + OPENING.replace("N", n));
  const { settings } = diffPolicies(tableOf(POLICY), now);
  expect(settings).toMatchObject([
    { direction, change: expect.stringContaining("10 open sessions and 60 an hour") as string },
  ]);
  const back = diffPolicies(now, tableOf(POLICY)).settings;
  expect(back).toMatchObject([{ direction: n === "100" ? "stricter" : "looser" }]);
});

test("a limit that changed is told once, and marked where it counts", () => {
  const { settings, matrix } = diffPolicies(
    tableOf(POLICY),
    tableOf(POLICY.replace("20 in 1h per agent", "9 in 2h per agent")),
  );
  expect(settings).toMatchObject([{ direction: "looser", actions: ["crm.export"], agents: ["planner", "reader"] }]);
  expect(matrix.marks.map((row) => row[matrix.actions.indexOf("crm.export")])).toEqual(["▲", "▲"]);
});

test.each([
  ["a class that an action gains", "is write\n", "is read, write\n", "crm.export"],
  ["more that is named", "may call reader for read", "may call reader for read, email.send", "email.send"],
  ["everything", "may call reader for read", "may call reader for *", "crm.export"],
])("what a caller newly reaches below it is shown by a request: %s", (_, from, to, action) => {
  const text = POLICY.replace(from, to);
  const now = tableOf(text);
  const { requests, matrix } = diffPolicies(tableOf(POLICY), now);
  const change = requests.find((one) => one.action === action && one.because.length > 0);
  expect(change).toMatchObject({
    kind: "newly allowed",
    agents: ["reader"],
    because: ["`planner` may call `reader` for it"],
  });
  const example = change?.example.test ?? "";
  expect(example).toContain("\n  delegate to reader\n");
  expect(change?.example.explain).toContain('"callers":["planner"]');
  expect(runTests(compile([{ name: "now.agentpolicy", text: `${text}\n${example}` }]))).toMatchObject({ passed: 1 });
  expect(runTests(compile([{ name: "old.agentpolicy", text: `${POLICY}\n${example}` }]))).toMatchObject({ failed: 1 });
  expect(matrix.marks[matrix.agents.indexOf("reader")]?.[matrix.actions.indexOf(action)]).toContain("▲");
});

test("what is to be copied is never broken, and names the policy", () => {
  const diff = diffPolicies(
    tableOf(POLICY),
    tableOf(POLICY.replace("may call reader for read", "may call reader for *")),
  );
  const printed = (path?: string | null): readonly string[] =>
    diffText(diff, { colour: false, width: 40, ...(path === undefined ? {} : { path }) }).split("\n");
  const lines = printed("new policies/p.agentpolicy");
  const explains = lines.filter((line) => line.includes("agentpolicy explain"));
  expect(explains.length).toBeGreaterThan(0);
  for (const line of explains) expect(line).toMatch(/agentpolicy explain 'new policies\/p\.agentpolicy' --agent .*'$/);
  for (const { example } of diff.requests) {
    const block = (example.test ?? "").split("\n");
    const at = lines.findIndex((line) => line.endsWith(block[0] ?? ""));
    expect(lines.slice(at + 1, at + block.length).map((line) => line.slice(15))).toEqual(block.slice(1));
  }
  expect(printed(null).filter((line) => line.includes("agentpolicy explain"))).toEqual([]);
});
