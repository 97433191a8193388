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

                       bot                       report_bot  sales_bot
    ────────────────────────────────────────────────────────────────────────────────
    crm
      contacts.delete  never                     –           never
      contacts.read    allow                     allow       allow
      notes.write      allow [1]                 –           allow [1]
    email
      send             notify                    –           notify
                       | ask (lead_review)                   | ask (lead_review)

    [all] limit * to 60 in 1m per agent (every agent, piece.agentpolicy:12:3)
    [1] limit crm.notes.write to 5 per session (role sales, piece.agentpolicy:6:3)

    allow executes at once · notify executes, and people are told
    ask a human decides first · never denied, whoever asks · – no rule grants it
    | depends on the request · [1] a limit counts it
    "
  `);
});

test("one agent has the whole width, and nothing is broken that fits", () => {
  const table = compiled(`role r {
  allow  email.send when args.body == "a"
  notify email.send when args.body == "b" to ops
  ask    email.send when args.body == "c" via finance_pair
  ask    email.send when args.body == "d" via lead_review
}`).table;
  const line = (width: number) =>
    matrixText(matrix(table), { colour: false, width })
      .split("\n")
      .filter((text) => /^ {2}send|^ +\|/.test(text))
      .map((text) => text.trim());
  expect(line(80)).toEqual(["send    allow | notify | ask (finance_pair, or lead_review) | –"]);
  expect(line(50)).toEqual(["send    allow | notify", "| ask (finance_pair, or lead_review) | –"]);
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
});

/** The cards of a page by id, as HTML. */
function cardsIn(page: string): ReadonlyMap<string, string> {
  const cards = page.matchAll(/<section class="card" id="(c\d+)" popover.*?<\/section>/gs);
  return new Map([...cards].map(([card, id]) => [id ?? "", card]));
}

test("a cell opens a card that names it, counts as it counts, and can be closed", () => {
  const page = matrixHtml(matrix(compiled(PIECE).table));
  const cards = cardsIn(page);
  const cells = [...page.matchAll(/<td><button popovertarget="(c\d+)">(.*?)<\/button>/g)];
  expect(cells.length).toBe(10);
  expect(new Set(cells.map(([, id]) => id))).toEqual(new Set(cards.keys()));
  for (const [, id = "", cell = ""] of cells) {
    const card = cards.get(id) ?? "";
    const counted = Number(/(\d+) limits?</.exec(cell)?.[1] ?? 0);
    expect(card.match(/<b>limits<\/b>/g)?.length ?? 0).toBe(counted);
    expect(card).toContain(`popovertarget="${id}" popovertargetaction="hide" aria-label="Close"`);
  }
});

test("a limit is counted only where something can be admitted", () => {
  const found = matrix(compiled(`${PIECE}\nrole more { limit delete to 3 per session }`).table);
  expect(matrixText(found, { colour: false, width: 100 })).not.toMatch(/contacts\.delete.*\[\d/);
  for (const card of cardsIn(matrixHtml(found)).values())
    if (card.includes("<h3>crm.contacts.delete</h3>")) expect(card).not.toContain("<b>limits</b>");
});

test("the cards, which are what is printed, hold every rule and limit, its reason, and what nobody is granted", () => {
  const found = matrix(compiled(PIECE).table);
  const page = matrixHtml(found);
  for (const rule of Object.values(found.rules)) expect(page).toContain(`<code>${escaped(rule.text)}</code>`);
  expect(page).toContain("Nothing is &#60;ever&#62; lost.");
  expect(page).toMatch(
    /What no rule grants, and to whom<\/h2><dl><dt>crm\.notes\.write, email\.send<\/dt><dd>report_bot</,
  );
  expect(page).toMatch(/@media print \{[^@]*\.card \{ display: block; position: static;/);
});

test("agents and actions that the same rules decide share a card, so that a page grows with the rules", () => {
  const agents = Array.from({ length: 40 }, (_, index) => {
    const key = `${String.fromCharCode(65 + (index % 26))}${index < 26 ? 1 : 2}qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo`;
    return `agent bot_${index} { owner leads purpose "p"\n roles r${index % 4}\n identity key ed25519 "${key}" review by 2027-11-30 }`;
  });
  const actions = Array.from(
    { length: 60 },
    (_, index) => `action area.act_${index}(n: int(min 0, max 9)) is read on "a"`,
  );
  const roles = [0, 1, 2, 3].map(
    (n) =>
      `role r${n} { allow area.* when args.n < ${n + 3} ask area.* unless args.n < ${n + 3} via lead_review limit area.* to ${n + 5} per session }`,
  );
  const page = matrixHtml(matrix(compiled([...actions, ...roles, ...agents].join("\n")).table));
  expect(page.match(/<td><button popovertarget/g)?.length).toBe(2400);
  expect(cardsIn(page).size).toBe(4);
  expect(page.length).toBeLessThan(600_000);
});

test("a name breaks behind its dots and underscores only", () => {
  const page = matrixHtml(matrix(compiled(PIECE).table));
  expect(page).toContain('<span class="action">crm.<wbr>contacts.<wbr>delete</span>');
  expect(page).toContain('<th scope="col">sales_<wbr>bot</th>');
});

/** As the page writes what HTML would read. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

test("JSON is the matrix itself", () => {
  const found = matrix(compiled(PIECE).table);
  expect(JSON.parse(matrixJson(found))).toEqual(JSON.parse(JSON.stringify(found)));
  expect(cellOf(found, "crm.contacts.read", "report_bot")).toBe("allow");
});
