/** The report by the OWASP Agentic Top 10 says what stands in the policy, and nothing that doesn't. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compile, owaspReport, owaspText, RISKS, servedRisks } from "../../compiler/index.ts";
import type { OwaspReport, RiskId } from "../../compiler/index.ts";

function reportOf(text: string): OwaspReport {
  const source = { name: "p.agentpolicy", text };
  const { table, diagnostics } = compile([source]);
  if (table === null) throw new Error(diagnostics.map(({ message }) => message).join("; "));
  return owaspReport(table, diagnostics, [source]);
}

const PAYMENTS = readFileSync(new URL("../../examples/03-payments/payments.agentpolicy", import.meta.url), "utf8");

const POLICY = `policy "p" {
  people oidc "https://login.acme.example" audience "people"
  operators leads
  auditors leads
}
label untrusted is taint, confidential is sensitive
group leads = ["ana@acme.example", "li@acme.example"]
approval lead { approvers leads }
action a.read(id: string) is read on "a/{id}"
action a.erase(id: string) is delete on "a/{id}"
action m.send(to: email, body: string) is external on "m/{to}"
role r {
  allow a.read
  allow a.erase
  allow m.send
}
agent bot {
  owner leads
  purpose "Works"
  roles r
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  review by 2099-11-30
}
`;

function whats(report: OwaspReport, id: RiskId): { enforced: readonly string[]; open: readonly string[] } {
  const risk = report.risks.find((one) => one.id === id);
  return { enforced: risk?.enforced.map(({ what }) => what) ?? [], open: risk?.open.map(({ what }) => what) ?? [] };
}

/** What a line in the policy moves from what is left open to what is enforced. */
const MOVES: readonly { id: RiskId; add: string; enforced: RegExp; open: RegExp }[] = [
  {
    id: "ASI01",
    add: "every agent { never external when session has untrusted }",
    enforced: /after that these rules tighten/,
    open: /no rule tightens/,
  },
  {
    id: "ASI02",
    add: "every agent { limit * to 10 in 1h per agent }",
    enforced: /how much and how fast/,
    open: /no limit: nothing bounds/,
  },
  {
    id: "ASI02",
    add: "every agent { ask delete via lead }",
    enforced: /can't be taken back is asked about/,
    open: /nothing that can't be taken back is asked about/,
  },
  {
    id: "ASI06",
    add: "every agent { ask a.erase when session has untrusted via lead }\naction x.get() is read on none yields untrusted",
    enforced: /labels stay with a session/,
    open: /no action yields/,
  },
  {
    id: "ASI08",
    add: "breaker b { when 5 denied in 1m per session then kill session }",
    enforced: /breakers that stop/,
    open: /no breaker stops/,
  },
  {
    id: "ASI09",
    add: "every agent { ask delete via lead }",
    enforced: /a person decides/,
    open: /nothing asks a person/,
  },
  {
    id: "ASI10",
    add: 'canary c sha256 "ec7904cd327ffa16e8946ad64084cc5149b8fc2454ed4b9dbc93e2d02d29be2e"',
    enforced: /markers in data/,
    open: /no canary in data/,
  },
  { id: "ASI10", add: "every agent { never a.erase }", enforced: /lines that no agent/, open: /no `never` in/ },
];

describe("a line in the policy moves what it is about from open to enforced", () => {
  test.each(MOVES)("$id: $add", ({ id, add, enforced, open }) => {
    const before = whats(reportOf(POLICY), id);
    const after = whats(reportOf(`${POLICY}${add}\n`), id);
    expect(before.open.join("\n")).toMatch(open);
    expect(after.open.join("\n")).not.toMatch(open);
    expect(before.enforced.join("\n")).not.toMatch(enforced);
    expect(after.enforced.join("\n")).toMatch(enforced);
  });
});

test("every rule that counts as evidence stands where the report says", () => {
  const source = { name: "payments.agentpolicy", text: PAYMENTS };
  const { table, diagnostics } = compile([source]);
  if (table === null) throw new Error("the example compiles");
  const lines = source.text.split("\n");
  const evidence = owaspReport(table, diagnostics, [source]).risks.flatMap(({ enforced }) =>
    enforced.flatMap((one) => [...one.evidence]),
  );
  expect(evidence.length).toBeGreaterThan(10);
  for (const { text, place } of evidence) {
    if (place === null) continue;
    const [, second = ""] = text.split(/\s+/);
    expect(lines[place.line - 1] ?? "").toContain(second);
  }
});

test("a finding is listed under each risk that it is about", () => {
  const report = reportOf(POLICY);
  for (const id of ["ASI02", "ASI05", "ASI08"] as const) {
    const risk = report.risks.find((one) => one.id === id);
    expect(risk?.open.map(({ code }) => code)).toContain("AP4002");
  }
});

test("a rule on trial enforces nothing", () => {
  const report = reportOf(`${POLICY}every agent { trial never delete }\n`);
  expect(JSON.stringify(report)).not.toContain("trial never delete");
});

test("no line is wider than the terminal but for a word that is", () => {
  const source = { name: "payments.agentpolicy", text: PAYMENTS };
  const { table, diagnostics } = compile([source]);
  if (table === null) throw new Error("the example compiles");
  const text = owaspText(owaspReport(table, diagnostics, [source]), { colour: false, width: 80 });
  expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test("every design finding names what it serves, and only risks that there are", () => {
  const pages = readdirSync(new URL("../../docs/diagnostics/", import.meta.url));
  const codes = pages.flatMap((name) => /^(AP4\d{3})\.md$/.exec(name)?.[1] ?? []);
  const ids = RISKS.map(({ id }) => id);
  for (const code of codes) {
    expect(servedRisks(code), code).not.toEqual([]);
    for (const id of servedRisks(code)) expect(ids).toContain(id);
  }
});

test("the ten risks have the names of the document of December 2025", () => {
  const page = readFileSync(new URL("../../docs/owasp.md", import.meta.url), "utf8");
  for (const { id, name } of RISKS) expect(page).toContain(`| ${id} | ${name} |`);
});
