import { describe, expect, test } from "vitest";
import { runTests, testRunJson, testRunJunit, testRunText } from "../../compiler/index.ts";
import { compiled } from "./compiled.ts";

/** What each test of the piece came to: nothing where it passed, else `expected, got` lines. */
function outcomes(piece: string): readonly (readonly string[])[] {
  return runTests(compiled(piece)).tests.map((one) => one.failures.map((each) => `${each.expected}, got ${each.got}`));
}

/** The one test of a piece that has these steps. */
function steps(rules: string, text: string, head = ""): readonly string[] {
  return outcomes(`role r {\n${rules}\n}\ntest "t" {\n agent bot ${head}\n${text}\n}`)[0] ?? ["no test"];
}

const REFUND = 'payments.refund(order: "o", amount: AMOUNT, currency: "EUR")';
const refund = (amount: string): string => REFUND.replace("AMOUNT", amount);
const READ = 'crm.contacts.read(contact: "c")';
const MAIL = 'email.send(to: ["bo@acme.example"], body: "x")';

describe("expectations", () => {
  test("each outcome is met by its own word and by no other", () => {
    const rules = `allow crm.contacts.read  notify crm.notes.write to ops  ask email.send via lead_review
      allow web.fetch  never web.fetch`;
    const calls = [
      READ,
      'crm.notes.write(deal: "d", text: "x")',
      MAIL,
      'web.fetch(url: "https://a.example/")',
      refund("1"),
    ];
    const words = ["allow", "notify", "ask", "never", "no_rule"];
    const got = ["allow", "notify", "ask via lead_review", "never", "no_rule"];
    for (const [row, call] of calls.entries()) {
      for (const [column, word] of words.entries()) {
        const expected = row === column ? [] : [`${word}, got ${got[row]}`];
        expect(steps(rules, `${call} => ${word}`), `${call} => ${word}`).toEqual(expected);
      }
    }
  });

  test("an ask with names wants exactly those approvals", () => {
    const rules = "ask payments.refund via finance_pair and lead_review  ask email.send via lead_review";
    expect(steps(rules, `${refund("1")} => ask via lead_review and finance_pair`)).toEqual([]);
    expect(steps(rules, `${refund("1")} => ask via lead_review`)).toEqual([
      "ask via lead_review, got ask via finance_pair and lead_review",
    ]);
    expect(steps(rules, `${MAIL} => ask via lead_review and finance_pair`)).toHaveLength(1);
  });

  test("a decimal is sent with all its digits, more than a JSON number tells apart", () => {
    const rules = "allow payments.refund when args.amount <= 123456789012.123456";
    expect(steps(rules, `${refund("123456789012.123456")} => allow`)).toEqual([]);
    expect(steps(rules, `${refund("123456789012.123457")} => no_rule`)).toEqual([]);
  });

  test("a never where nothing grants is a denial without a rule", () => {
    expect(steps("allow crm.contacts.read  never web.fetch", 'web.fetch(url: "https://a.example/") => never')).toEqual([
      "never, got no_rule",
    ]);
  });

  test("arguments that don't fit are refused before any rule", () => {
    expect(steps("allow payments.refund", `${refund("0")} => invalid_argument`)).toEqual([]);
  });

  test("approved gives every approval, and doesn't lift a never", () => {
    const rules =
      "ask payments.refund via finance_pair and lead_review  ask web.fetch via lead_review  never web.fetch";
    expect(steps(rules, `approved ${refund("1")} => allow`)).toEqual([]);
    expect(steps(rules, 'approved web.fetch(url: "https://a.example/") => never')).toEqual([]);
  });
});

describe("a session", () => {
  test("labels grow by what was admitted, not by what was asked", () => {
    const rules = "ask load via lead_review  allow web.fetch unless session has untrusted";
    const load = "action load() is read on none yields untrusted\n";
    const fetch = 'web.fetch(url: "https://a.example/")';
    const text = `load() => ask\n ${fetch} => allow\n approved load() => allow\n ${fetch} => no_rule`;
    expect(outcomes(`${load}role r {\n${rules}\n}\ntest "t" { agent bot\n${text} }`)).toEqual([[]]);
  });

  test("given sets a label", () => {
    const rules = "allow crm.contacts.read  never read when session has untrusted";
    const load = "action load() is write on none yields untrusted\n";
    const piece = `${load}role r {\n${rules}\n}\ntest "t" { agent bot\n ${READ} => allow\n given session has untrusted\n ${READ} => never }`;
    expect(outcomes(piece)).toEqual([[]]);
  });

  test("limits count to N exactly, and repeat says which call failed", () => {
    const rules = "allow crm.contacts.read  limit crm.contacts.read to 20 per session";
    expect(steps(rules, `repeat 20: ${READ} => allow\n ${READ} => limit_exceeded`)).toEqual([]);
    const failed = runTests(compiled(`role r {\n${rules}\n}\ntest "t" { agent bot\n repeat 25: ${READ} => allow }`));
    expect(failed.tests[0]?.failures[0]).toMatchObject({ got: "limit_exceeded", call: { number: 21, of: 25 } });
    expect(failed.tests[0]?.calls).toBe(21);
  });

  test("sums are exact, keyed, and what is refused spends nothing", () => {
    const rules =
      "allow payments.refund  limit payments.refund total args.amount to 0.3 in 24h per agent, args.currency";
    const text = `repeat 2: ${refund("0.1")} => allow
      ${refund("0.2")} => limit_exceeded
      ${refund("0.1")} => allow
      ${refund("0.1")} => limit_exceeded
      payments.refund(order: "o", amount: 0.3, currency: "USD") => allow`;
    expect(steps(rules, text)).toEqual([]);
  });

  test("past the limit the approval of the limit is asked for, and approved ones count on", () => {
    const rules = "allow crm.contacts.read  limit crm.contacts.read to 1 in 1h per agent then ask via lead_review";
    const text = `${READ} => allow\n ${READ} => ask via lead_review\n repeat 3: approved ${READ} => allow\n ${READ} => ask`;
    expect(steps(rules, text)).toEqual([]);
  });

  test("what was done before can be asked, with equal arguments", () => {
    const rules = `allow crm.contacts.read
      allow crm.contacts.delete when session did crm.contacts.read same (contact)`;
    const text = `crm.contacts.delete(contact: "c") => no_rule\n ${READ} => allow
      crm.contacts.delete(contact: "d") => no_rule\n crm.contacts.delete(contact: "c") => allow`;
    expect(steps(rules, text)).toEqual([]);
  });
});

describe("who and when", () => {
  test("a requester is in the groups that list the address, and in no group by claim", () => {
    const rules = `allow crm.contacts.read when requester.id in leads
      allow crm.notes.write when requester.id in finance`;
    const note = 'crm.notes.write(deal: "d", text: "x")';
    expect(steps(rules, `${READ} => allow`, 'for "ANA@acme.example"')).toEqual([]);
    expect(steps(rules, `${READ} => no_rule`, 'for "kim@acme.example"')).toEqual([]);
    expect(steps(rules, `${note} => allow`, 'for "ana@acme.example"')).toHaveLength(1);
    expect(steps(rules, `${READ} => unknown_fact`)).toEqual([]);
  });

  test("the clock stands at the test's time, in the schedule's zone", () => {
    const rules = "allow crm.contacts.read when during office_hours";
    expect(steps(rules, `${READ} => allow`, "at 2026-11-23T09:00:00+01:00")).toEqual([]);
    expect(steps(rules, `${READ} => no_rule`, "at 2026-11-23T08:59:59+01:00")).toEqual([]);
    expect(steps(rules, `${READ} => no_rule`, "at 2026-11-23T18:00:00+01:00")).toEqual([]);
    expect(steps(rules, `${READ} => allow`)).toEqual([]);
  });

  test("review dates count only where the test states a time", () => {
    const piece = (head: string, word: string): string => `agent old { owner leads purpose "p" allow crm.contacts.read
      identity key ed25519 "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw" review by 2025-01-31 }
      test "t" { agent old ${head}\n ${READ} => ${word} }`;
    expect(outcomes(piece("", "allow"))).toEqual([[]]);
    expect(outcomes(piece("at 2025-01-31T23:59:59Z", "allow"))).toEqual([[]]);
    expect(outcomes(piece("at 2025-02-01", "review_overdue"))).toEqual([[]]);
  });

  test("the task is what the test states, where somebody vouches for it", () => {
    const rules = "allow email.send when task mentions args.to";
    const kim = 'for "kim@acme.example"';
    const task = 'task "write to bo@acme.example, please"';
    expect(steps(rules, `${MAIL} => allow`, `${kim} ${task}`)).toEqual([]);
    expect(steps(rules, `${MAIL} => no_rule`, `${kim} task "write to jo@acme.example"`)).toEqual([]);
    expect(steps(rules, `${MAIL} => unknown_fact`, kim)).toEqual([]);
    expect(steps(rules, `${MAIL} => unknown_fact`, task)).toEqual([]);
  });

  test("a session that is delegated to knows the task as its root does", () => {
    const agents = (root: string, child: string): string => `role mails { allow email.send when task mentions args.to }
      agent top { owner leads purpose "p" review by 2027-11-30 roles mails identity key ed25519 "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"
        may call below for email.send ${root} }
      agent below { owner leads purpose "p" review by 2027-11-30 roles mails ${child}
        identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }
      test "t" { agent top task "write to bo@acme.example"\n delegate to below\n ${MAIL} => allow }`;
    expect(outcomes(agents("task from client", ""))).toEqual([[]]);
    expect(outcomes(agents("", "task from client"))).toEqual([["allow, got unknown_fact"]]);
  });

  test.each([
    ['task "write to bo@acme.example"', "nobody vouches for the task"],
    ["", 'write `agent bot for "name@example.com" task "…"`'],
  ])("an unknown task is helped with what is missing: %s", (head, help) => {
    const piece = `role r { allow email.send when task mentions args.to }
      test "t" { agent bot ${head}\n ${MAIL} => allow }`;
    expect(runTests(compiled(piece)).tests[0]?.failures[0]?.help).toContain(help);
  });
});

const FAILING = `role r {
  allow read on "crm/**"
  limit crm.contacts.read to 1 per session
}
test "reads are asked for" {
  agent bot
  crm.contacts.read(contact: "c") => ask via lead_review
  crm.contacts.read(contact: "c") => allow
}
test "a <title> & \\"more\\"" {
  agent bot
  crm.contacts.delete(contact: "c") => no_rule
}`;

describe("how a run is told", () => {
  const compilation = compiled(FAILING);
  const run = runTests(compilation, { coverage: true });

  test("a failure points at the expectation and says why", () => {
    const [first, second] = run.tests[0]?.failures ?? [];
    expect(first).toMatchObject({ expected: "ask via lead_review", got: "allow", place: { line: 7, column: 38 } });
    expect(first?.why).toEqual([
      {
        kind: "rule",
        tier: "allow",
        block: "role r",
        text: 'allow read on "crm/**"',
        place: { file: "piece.agentpolicy", line: 2, column: 3 },
      },
    ]);
    expect(second).toMatchObject({ got: "limit_exceeded", why: [{ kind: "limit", place: { line: 3 } }] });
    const text = compilation.sources[0]?.text ?? "";
    expect(text.slice(first?.span.start, first?.span.end)).toBe("ask via lead_review");
  });

  test("text names what was expected, what came, and the rule with its place", () => {
    const text = testRunText(run, compilation.sources, { colour: false, width: 80 });
    expect(text).toContain("expected `ask via lead_review`, got `allow`");
    expect(text).toMatchInlineSnapshot(`
      "✗ reads are asked for (bot, 2 calls)
        error[test]: expected \`ask via lead_review\`, got \`allow\`
         --> piece.agentpolicy:7:38
          |
        2 |   allow read on "crm/**"
          |   ---------------------- decided here
        ...
        7 |   crm.contacts.read(contact: "c") => ask via lead_review
          |                                      ^^^^^^^^^^^^^^^^^^^ got \`allow\`
          |
          = help: nothing stricter takes part: add \`ask\`, narrow what grants it, or
                  expect \`allow\`
        error[test]: expected \`allow\`, got \`limit_exceeded\`
         --> piece.agentpolicy:8:38
          |
        3 |   limit crm.contacts.read to 1 per session
          |   ---------------------------------------- used up
        ...
        8 |   crm.contacts.read(contact: "c") => allow
          |                                      ^^^^^ got \`limit_exceeded\`
          |
          = note: \`crm.contacts.read\` is over the limit \`limit crm.contacts.read to 1
                  per session\`: 0 of 1 is left, not again in this session
          = help: begin another session with \`session.open() => allow\`, raise the
                  limit, or expect \`limit_exceeded\`
      ✓ a <title> & "more" (bot, 1 call)

      1 failed, 1 passed of 2 tests
      1 of 1 rule decided a call
      "
    `);
  });

  test("JSON holds the same", () => {
    const json = JSON.parse(testRunJson(run)) as { failed: number; tests: { failures: unknown[] }[] };
    expect(json.failed).toBe(1);
    expect(json.tests[0]?.failures[0]).toMatchObject({
      expected: "ask via lead_review",
      got: "allow",
      reason: "rule",
      why: [{ summary: 'allow read on "crm/**" (piece.agentpolicy:2:3)' }],
    });
  });

  test("JUnit XML is well-formed and counts", () => {
    const xml = testRunJunit(run);
    expect(xml).toContain('tests="2" failures="1"');
    expect(xml).toContain('name="a &#60;title&#62; &#38; &#34;more&#34;"');
    const tags = [...xml.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)].filter((tag) => tag[3] === "");
    const open = tags.reduce((depth, tag) => depth + (tag[1] === "/" ? -1 : 1), 0);
    expect(open).toBe(0);
  });

  test("a filter keeps the tests whose title holds it", () => {
    expect(runTests(compilation, { filter: "TITLE" }).tests.map((one) => one.passed)).toEqual([true]);
    expect(runTests(compilation, { filter: "nothing like it" }).tests).toEqual([]);
  });

  test("coverage lists the rules that made no outcome, each with the test that comes nearest", () => {
    const piece = `role r { allow crm.contacts.read  allow web.fetch  trial never web.fetch
        ask crm.contacts.read when session has untrusted and args.contact == "d" via lead_review }
      role other { allow crm.contacts.delete }
      agent second { owner leads purpose "p"
        roles other
        review by 2027-11-30
        identity key ed25519 "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw" }
      test "far" { agent bot
        crm.contacts.read(contact: "c") => allow }
      test "near" { agent bot
        crm.contacts.read(contact: "d") => allow }`;
    const covered = runTests(compiled(piece), { coverage: true });
    expect(covered.coverage?.rules).toBe(4);
    const json = JSON.parse(testRunJson(covered)) as {
      coverage: { never_decided: { nearest: { summary: string } }[] };
    };
    const told = [
      '"far" runs `bot`, but calls nothing that the rule is about',
      '"near" calls `crm.contacts.read`, but `session has untrusted` was false',
      "no test runs `second`",
    ];
    expect(json.coverage.never_decided.map(({ nearest }) => nearest.summary)).toEqual(told);
    const xml = testRunJunit(covered);
    expect(xml).toContain('<testsuite name="coverage" tests="0"');
    expect(xml).toContain("but `session has untrusted` was false");
    expect(runTests(compiled(piece)).coverage).toBeNull();
  });
});
