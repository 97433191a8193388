import { describe, expect, test } from "vitest";
import { type Matrix, matrix, matrixHtml, matrixJson, matrixText } from "../../compiler/index.ts";
import { compiled } from "./compiled.ts";

/** The cell of the only agent as `allow | ask via a`. */
function cell(piece: string, action: string, agent = "bot"): string {
  return cellOf(matrix(compiled(piece).table), action, agent);
}

function cellOf(found: Matrix, action: string, agent: string): string {
  const row = found.agents.findIndex((one) => one.name === agent);
  const column = found.actions.findIndex((one) => one.name === action);
  const outcomes = found.cells[row]?.[column]?.outcomes ?? [];
  return outcomes.map(({ tier, via }) => (via.length === 0 ? tier : `${tier} via ${via.join("+")}`)).join(" | ");
}

describe("a cell holds every outcome that a request can have", () => {
  const cases: readonly (readonly [title: string, piece: string, action: string, expected: string])[] = [
    ["a plain grant", "role r { allow crm.contacts.read }", "crm.contacts.read", "allow"],
    [
      "nothing where no rule grants",
      "role r { allow crm.contacts.read never crm.notes.write }",
      "crm.notes.write",
      "none",
    ],
    [
      "never over a grant",
      'role r { allow crm.contacts.delete when args.contact == "x" }\nevery agent { never delete }',
      "crm.contacts.delete",
      "never | none",
    ],
    [
      "two rules that share a condition leave no gap",
      "role r { allow payments.refund when args.amount <= 50  ask payments.refund unless args.amount <= 50 via finance_pair }",
      "payments.refund",
      "allow | ask via finance_pair",
    ],
    [
      "turned comparisons are the same condition",
      "role r { allow payments.refund when args.amount <= 50  ask payments.refund when args.amount > 50 via finance_pair }",
      "payments.refund",
      "allow | ask via finance_pair",
    ],
    [
      "a hole between two bounds is found",
      "role r { allow payments.refund when args.amount <= 50  ask payments.refund when args.amount > 60 via finance_pair }",
      "payments.refund",
      "allow | ask via finance_pair | none",
    ],
    [
      "an optional argument may be missing",
      'role r { allow email.send when args.subject == "x"  ask email.send unless args.subject == "x" via lead_review }',
      "email.send",
      "allow | ask via lead_review | none",
    ],
    [
      "approvals join",
      "role r { ask payments.refund via finance_pair }\nevery agent { ask spend when session has untrusted via lead_review }\naction load() is read on none yields untrusted",
      "payments.refund",
      "ask via finance_pair | ask via finance_pair+lead_review",
    ],
    ["a pattern that covers the template", 'role r { allow read on "crm/**" }', "crm.contacts.read", "allow"],
    [
      "a pattern that can't match",
      'role r { allow read on "crm/**" allow files.read on "files/**" }',
      "web.fetch",
      "none",
    ],
    [
      "a pattern that matches sometimes",
      'role r { allow read on "files/**" }\nevery agent { never * on "files/hr/**" }',
      "files.read",
      "allow | never",
    ],
    ["a segment that differs", 'role r { allow files.read never * on "docs/**" }', "files.read", "allow"],
    [
      "an exception by pattern",
      'role r { allow files.read on "files/**" except "files/hr/**" }',
      "files.read",
      "allow | none",
    ],
    ["an exception by name", "role r { allow crm.* except crm.contacts.delete }", "crm.contacts.delete", "none"],
    [
      "a class that depends on the arguments",
      'action run(mode: enum("a", "b")) is read, delete when args.mode == "b" on none\nrole r { allow run }\nevery agent { never delete }',
      "run",
      "allow | never",
    ],
    ["a trial rule decides nothing", "role r { allow web.fetch trial never external }", "web.fetch", "allow"],
    [
      "a rule that names the agent",
      'role r { allow web.fetch }\nevery agent { never external when agent.id == "bot" }',
      "web.fetch",
      "never",
    ],
    [
      "several resources: one may be excepted and another not",
      'action tag(names: list<string>) is write on "tags/{names}"\nrole r { allow tag on "tags/a*" }',
      "tag",
      "allow | none",
    ],
  ];
  test.each(cases)("%s", (_, piece, action, expected) => {
    expect(cell(piece, action)).toBe(expected);
  });
});

const PIECE = `
role sales {
  allow  crm.*
  notify email.send when every to in args.to: to.domain in acme_domains to ops
  ask    email.send unless every to in args.to: to.domain in acme_domains via lead_review
  limit  crm.notes.write to 5 per session
}
role reports { allow crm.contacts.read }
every agent {
  /// Nothing is <ever> lost.
  never delete
  limit * to 60 in 1m per agent
}
agent sales_bot { owner leads purpose "Sells & <script>alert(1)</script>" roles sales
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" review by 2027-11-30 }
agent report_bot { owner leads purpose "Counts" roles reports
  identity key ed25519 "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw" review by 2027-11-30 }
`;

test("the text groups actions, numbers limits and names places", () => {
  const found = matrix(compiled(PIECE).table);
  expect(matrixText(found, { colour: false, width: 80 })).toMatchInlineSnapshot(`
    "piece  3 agents × 4 actions

                       bot                  report_bot           sales_bot
    ────────────────────────────────────────────────────────────────────────────────
    crm
      contacts.delete  never                –                    never
      contacts.read    allow                allow                allow
      notes.write      allow [1]            –                    allow [1]
    email
      send             notify               –                    notify
                       | ask (lead_review)                       | ask (lead_review)

    [all] limit * to 60 in 1m per agent (every agent, piece.agentpolicy:12:3)
    [1] limit crm.notes.write to 5 per session (role sales, piece.agentpolicy:6:3)

    allow executes at once · notify executes, and people are told
    ask a human decides first · never denied, whoever asks · – no rule grants it
    | depends on the request · [1] a limit counts it
    "
  `);
});

test("text never passes the width, and many agents take several bands", () => {
  const roles = Array.from({ length: 9 }, (_, index) => `agent_number_${index}`);
  const agents = roles.map((name, index) => {
    const key = `${String.fromCharCode(65 + index)}1qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo`;
    return `agent ${name} { owner leads purpose "p" roles r identity key ed25519 "${key}" review by 2027-11-30 }`;
  });
  const table = compiled(`role r { allow crm.* ask email.send via lead_review }\n${agents.join("\n")}`).table;
  const text = matrixText(matrix(table), { colour: false, width: 80 });
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  for (const name of roles) expect(text).toContain(name);
  expect(text.match(/^─+$/gm)?.length).toBeGreaterThan(1);
});

test("colour changes nothing but colour", () => {
  const found = matrix(compiled(PIECE).table);
  const coloured = matrixText(found, { colour: true, width: 80 });
  // eslint-disable-next-line no-control-regex
  expect(coloured.replace(/\u001b\[\d+m/g, "").replace(/ +$/gm, "")).toBe(
    matrixText(found, { colour: false, width: 80 }).replace(/ +$/gm, ""),
  );
});

test("only the agents asked for are shown", () => {
  const found = matrix(compiled(PIECE).table, { agents: ["report_bot"] });
  expect(found.agents.map((agent) => agent.name)).toEqual(["report_bot"]);
  expect(Object.values(found.rules).some((rule) => rule.block === "role sales")).toBe(false);
});

test("the page escapes everything and loads nothing", () => {
  const page = matrixHtml(matrix(compiled(PIECE).table));
  expect(page).not.toMatch(/<script|<ever>|<link|<img|src=|javascript:/i);
  expect(page).toContain("default-src 'none'");
  expect(page).toContain("Sells &#38; &#60;script&#62;");
  expect(page.match(/popovertarget="/g)?.length).toBe(page.match(/ popover aria-label=/g)?.length);
});

test("JSON is the matrix itself", () => {
  const found = matrix(compiled(PIECE).table);
  expect(JSON.parse(matrixJson(found))).toEqual(JSON.parse(JSON.stringify(found)));
  expect(cellOf(found, "crm.contacts.read", "report_bot")).toBe("allow");
});
