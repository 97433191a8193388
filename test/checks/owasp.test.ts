/** The report by the OWASP Agentic Top 10 says what stands in the policy, and nothing that doesn't. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compile, owaspReport, owaspText, RISKS, servedRisks, sha256Hex } from "../../compiler/index.ts";
import type { Need } from "../../engine/index.ts";
import type { OwaspReport, RiskId } from "../../compiler/index.ts";

function reportOf(text: string, missing: readonly Need[] = []): OwaspReport {
  const source = { name: "p.agentpolicy", text };
  const { table, diagnostics } = compile([source], { files: { "crm.tools.json": TOOLS } });
  if (table === null) throw new Error(diagnostics.map(({ message }) => message).join("; "));
  const undelivered = missing.map((need) => ({ need, meaning: `this edge can't do ${need}` }));
  return owaspReport(table, diagnostics, [source], undelivered);
}

const PAYMENTS = readFileSync(new URL("../../examples/03-payments/payments.agentpolicy", import.meta.url), "utf8");

const TOOLS = JSON.stringify({
  tools: [{ name: "read_contact", description: "Reads", inputSchema: { type: "object", properties: {} } }],
});

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

/** A policy with something for every need that the report speaks of. */
const NEEDY = `${POLICY.replace("agent bot {", "agent bot {\n  may call helper for a.read\n  may become more via lead for 30m")}
approval tired { approvers leads  fatigue 20 in 1h  decoys 1 in 50 }
live set known editors leads
canary c sha256 "ec7904cd327ffa16e8946ad64084cc5149b8fc2454ed4b9dbc93e2d02d29be2e"
breaker b { when 5 denied in 1m per session then kill session }
server crm mcp "https://crm.acme.example/mcp" tools "crm.tools.json" sha256 "${sha256Hex(TOOLS)}"
action crm.read_contact is read on none
role more { ask a.erase via tired }
agent helper {
  owner leads
  purpose "Helps"
  roles r
  identity key ed25519 "Z3qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  review by 2099-11-30
  allow m.send when args.to in known
}
gateway door { identity key ed25519 "Z2qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"  for helper }
every agent {
  limit m.send to 10 in 1h per fleet
  limit m.send to 5 in 1h per requester
}
`;

const RESTS: readonly { id: RiskId; need: Need; what: string }[] = [
  { id: "ASI02", need: "live sets", what: "whatever no rule grants is denied" },
  { id: "ASI02", need: "limits per fleet", what: "how much and how fast" },
  { id: "ASI02", need: "elevation", what: "what can't be taken back is asked about or forbidden" },
  { id: "ASI03", need: "elevation", what: "more rights for a time, after somebody approved" },
  { id: "ASI04", need: "tool digests", what: "a tool whose name, schema or description changed" },
  { id: "ASI06", need: "canaries", what: "what was carried out of planted data is denied" },
  { id: "ASI07", need: "delegation", what: "who may let whom do what" },
  { id: "ASI07", need: "gateways", what: "gateways that ask for the agents" },
  { id: "ASI08", need: "limits per requester", what: "limits that hold across sessions" },
  { id: "ASI08", need: "breakers", what: "breakers that stop what goes wrong" },
  { id: "ASI09", need: "fatigue", what: "nobody approves more than they can look at" },
  { id: "ASI09", need: "decoys", what: "requests that must be refused are mixed in" },
  { id: "ASI10", need: "breakers", what: "breakers that kill by themselves" },
  { id: "ASI10", need: "canaries", what: "markers in data that give it away" },
];

describe("what an edge can't do is declared, not enforced", () => {
  test.each(RESTS)("$id: $need", ({ id, need, what }) => {
    const all = evidenceFor(reportOf(NEEDY), id, what);
    const without = evidenceFor(reportOf(NEEDY, [need]), id, what);
    expect(all.open).toEqual([]);
    expect(all.enforced.filter((one) => one.need === need)).not.toEqual([]);
    expect(without.enforced).toEqual(all.enforced.filter((one) => one.need !== need));
    expect(without.open).toEqual([expect.objectContaining({ help: `this edge can't do ${need}` })]);
  });
});

function evidenceFor({ risks }: OwaspReport, id: RiskId, measure: string) {
  const risk = risks.find((one) => one.id === id);
  const declared = `declared, not enforced by this edge yet: ${measure}`;
  return {
    enforced: risk?.enforced.find(({ what }) => what.startsWith(measure))?.evidence ?? [],
    open: risk?.open.filter(({ what }) => what.startsWith(declared)) ?? [],
  };
}

test("a rule of a role that no agent has enforces nothing", () => {
  const spare = `${POLICY}role spare { ask a.erase via lead }\n`;
  expect(JSON.stringify(reportOf(spare).risks.map(({ enforced }) => enforced))).not.toContain("ask a.erase via lead");
  const taken = spare.replace("roles r", "roles r, spare");
  expect(JSON.stringify(reportOf(taken).risks.map(({ enforced }) => enforced))).toContain("ask a.erase via lead");
});

test("every rule that counts as evidence stands where the report says", () => {
  const source = { name: "payments.agentpolicy", text: PAYMENTS };
  const { table, diagnostics } = compile([source]);
  if (table === null) throw new Error("the example compiles");
  const lines = source.text.split("\n");
  const evidence = owaspReport(table, diagnostics, [source], []).risks.flatMap(({ enforced }) =>
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
  const text = owaspText(owaspReport(table, diagnostics, [source], []), { colour: false, width: 80 });
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

test("a parameter that takes code is told by its name, and one that takes search words isn't it", () => {
  const taking = (name: string): readonly string[] =>
    whats(reportOf(POLICY.replace("action a.read(id: string)", `action a.read(id: string, ${name}: string)`)), "ASI05")
      .open;
  expect(taking("script")).toContainEqual(expect.stringContaining("takes code"));
  for (const plain of ["query", "statement", "text"])
    expect(taking(plain)).not.toContainEqual(expect.stringContaining("takes code"));
});
