import { describe, expect, test } from "vitest";
import { explainScenario, explainText, readScenario, type ScenarioText } from "../../compiler/index.ts";
import { decide, explain, match, prepare } from "../../engine/index.ts";
import { compiled } from "./compiled.ts";

const { table } = compiled(
  `
action tickets.read(id: string(max 64)) is read on "tickets/{id}" yields untrusted, confidential
role sales {
  allow  crm.*
  /// A lead reads it first.
  ask    email.send unless every to in args.to: to.domain in acme_domains via lead_review
  allow  email.send when requester.id in leads and session did crm.contacts.read
  allow  tickets.read
  limit  crm.notes.write to 5 per session
  limit  email.send to 3 in 1h per agent then ask via lead_review
}
every agent {
  never external when session has untrusted and session has confidential
}`,
);

const NOON = Date.UTC(2026, 10, 23, 12);

function scenario(text: Partial<ScenarioText>): ReturnType<typeof readScenario> {
  const whole = { agent: "bot", action: "email.send", args: null, session: null, now: NOON, ...text };
  return readScenario(whole, table);
}

function explained(text: Partial<ScenarioText>): string {
  const found = scenario(text);
  if (!found.ok) throw new Error(found.problem);
  const said = explain(prepare(table), found.request, found.state);
  // The engine's sentence has tests of its own.
  const explanation = { ...said, decision: { ...said.decision, message: "the engine's sentence" } };
  return explainText(explanation, table, { agent: "bot", colour: false, width: 80 });
}

const MAIL = JSON.stringify({ to: ["bo@else.example"], body: "x" });

test("an explanation shows the decision, every rule and each part with its truth", () => {
  expect(explained({ args: MAIL })).toMatchInlineSnapshot(`
    "ask via lead_review (reason rule)
      the engine's sentence
      acts on email/outbox
      needs lead_review

    rules
      ✓ ask email.send unless every to in args.to: to.domain in acme_domains via
          lead_review
          grants and restricts  ← decided (role sales, piece.agentpolicy:6:3)
          A lead reads it first.
          ✓ not every to in args.to: to.domain in acme_domains
            ✗ every to in args.to: to.domain in acme_domains
              ✗ args.to[0]: to.domain in acme_domains
      ✗ never external when session has untrusted and session has confidential
          plays no part (every agent, piece.agentpolicy:13:3)
          ✗ session has untrusted and session has confidential
            ✗ session has untrusted
            ✗ session has confidential
      ✗ allow email.send when requester.id in leads and session did
          crm.contacts.read
          plays no part (role sales, piece.agentpolicy:7:3)
          ✗ requester.id in leads and session did crm.contacts.read
            ? requester.id in leads (requester.id unknown)
            ✗ session did crm.contacts.read

    limits
      ✓ limit email.send to 3 in 1h per agent then ask via lead_review
          3 of 3 left before this (piece.agentpolicy:10:3)

    ✓ true   ✗ false   ? unknown: never grants, always restricts
    "
  `);
});

test("a never with its labels stands first", () => {
  const text = explained({ args: MAIL, session: '{"labels":["untrusted","confidential"]}' });
  expect(text.split("\n").slice(0, 9).join("\n")).toMatchInlineSnapshot(`
    "deny (reason rule)
      the engine's sentence
      acts on email/outbox

    rules
      ✓ never external when session has untrusted and session has confidential
          restricts  ← decided (every agent, piece.agentpolicy:13:3)
          ✓ session has untrusted and session has confidential
            ✓ session has untrusted"
  `);
});

test("faults of the arguments are named, and no rule is shown", () => {
  expect(explained({ args: '{"to":["nobody"],"x":1}' })).toMatchInlineSnapshot(`
    "deny (reason invalid_argument)
      the engine's sentence
      /to/0: must be one e-mail address such as \`name@example.com\`
      /body: is missing
      /x: isn't declared: leave it out
    "
  `);
});

test("no line is wider than asked for, but for words", () => {
  const lines = explained({ args: MAIL }).split("\n");
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

describe("a chain and roles", () => {
  const chained = compiled(`
live set vendors editors leads
role plans {
  allow crm.*
  ask   crm.notes.write when session has untrusted via lead_review
  limit crm.notes.write to 5 in 1h per agent
}
role admin {
  never crm.contacts.delete
  allow payments.refund when args.order in vendors
}
every agent { limit * to 9 per session }
agent worker {
  owner      leads
  purpose    "Is called"
  roles      plans
  may become admin via lead_review for 1h
  identity   key ed25519 "SnT1u6p5sX88AQnbc4cTCZ1bFOGQHJX3XLnDFFrgIa4"
  review     by 2027-11-30
}
agent planner {
  owner    leads
  purpose  "Calls"
  roles    plans
  may call worker for crm.notes.write
  identity key ed25519 "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"
  review   by 2027-11-30
}`).table;

  function told(action: string, args: object, session: object): string {
    const text = { agent: "worker", action, args: JSON.stringify(args), session: JSON.stringify(session), now: NOON };
    const found = readScenario(text, chained);
    if (!found.ok) return found.problem;
    const said = explainScenario(prepare(chained), found.request, found.state);
    const explanation = { ...said, decision: { ...said.decision, message: "the engine's sentence" } };
    return explainText(explanation, chained, { agent: "worker", colour: false, width: 80 });
  }

  test("each agent of the chain is shown with its own rules and limits", () => {
    const text = told("crm.notes.write", { deal: "d", text: "x" }, { callers: ["planner"], labels: ["untrusted"] });
    expect(text).toMatchInlineSnapshot(`
      "ask via lead_review (reason rule)
        the engine's sentence
        acts on crm/notes/d
        needs lead_review

      chain
        ✓ planner may have it done by worker

      rules of worker
        ✓ ask crm.notes.write when session has untrusted via lead_review
            grants and restricts  ← decided (role plans, piece.agentpolicy:5:3)
            ✓ session has untrusted
        ✓ allow crm.*
            grants (role plans, piece.agentpolicy:4:3)

      limits of worker
        ✓ limit * to 9 per session
            9 of 9 left before this (piece.agentpolicy:12:15)
        ✓ limit crm.notes.write to 5 in 1h per agent
            5 of 5 left before this (piece.agentpolicy:6:3)

      rules of planner
        ✓ ask crm.notes.write when session has untrusted via lead_review
            restricts  ← decided (role plans, piece.agentpolicy:5:3)
            ✓ session has untrusted

      limits of planner
        ✓ limit crm.notes.write to 5 in 1h per agent
            5 of 5 left before this (piece.agentpolicy:6:3)

      ✓ true   ✗ false   ? unknown: never grants, always restricts
      "
    `);
  });

  test("a role that isn't gained is shown as one, and counts when it is stated", () => {
    const call = { order: "Acme", amount: 5, currency: "EUR" };
    const without = told("payments.refund", call, {});
    expect(without).toContain("counts only while role admin is gained");
    const unread = told("payments.refund", call, { roles: ["admin"] });
    expect(unread).toContain("? args.order in vendors (live set vendors unknown)");
    const gained = told("payments.refund", call, { roles: ["admin"], live: { vendors: ["Acme"] } });
    expect(gained).toContain("allow (reason rule)");
  });

  test("opening a session is decided too", () => {
    expect(told("session.open", {}, {})).toContain("allow (reason rule)");
  });

  test("what no session could be is refused with why", () => {
    expect(told("crm.notes.write", {}, { callers: ["worker"] })).toContain("none stands there twice");
    expect(told("crm.notes.write", {}, { callers: ["nobody"] })).toContain("`callers` names `nobody`");
    expect(told("crm.notes.write", {}, { roles: ["plans"] })).toContain("has no `may become plans`");
    expect(told("crm.notes.write", {}, { live: { vendor: [] } })).toContain("`live` names `vendor`");
  });
});

describe("a stated session", () => {
  function decision(session: object, action = "email.send", args = MAIL): string {
    const found = scenario({ action, args, session: JSON.stringify(session) });
    if (!found.ok) return found.problem;
    const said = decide(match(prepare(table), found.request), found.state);
    return said.decision === "deny" ? said.reason : said.decision;
  }

  test("labels, approvals, requesters and what was done count", () => {
    expect(decision({ labels: ["untrusted"] })).toBe("ask");
    expect(decision({ labels: ["untrusted", "confidential"] })).toBe("rule");
    expect(decision({ approved: ["lead_review"] })).toBe("allow");
    const inside = JSON.stringify({ to: ["bo@acme.example"], body: "x" });
    expect(decision({ did: ["crm.contacts.read"] }, "email.send", inside)).toBe("unknown_fact");
    expect(decision({ requester: "ANA@acme.example" }, "email.send", inside)).toBe("no_rule");
    expect(decision({ requester: "ana@acme.example", did: ["crm.contacts.read"] }, "email.send", inside)).toBe("allow");
  });

  test("counts stand on a limit by its id or its text", () => {
    const note = JSON.stringify({ deal: "d", text: "x" });
    const limit = table.body.blocks.flatMap((block) => block.limits).find((one) => one.n === "5");
    expect(decision({ counts: { [limit?.id ?? ""]: 4 } }, "crm.notes.write", note)).toBe("allow");
    expect(decision({ counts: { "limit crm.notes.write to 5 per session": "5" } }, "crm.notes.write", note)).toBe(
      "limit_exceeded",
    );
  });

  test("a windowed limit that is used up says when it fits again", () => {
    const counts = { "limit email.send to 3 in 1h per agent then ask via lead_review": 3 };
    expect(explained({ args: MAIL, session: JSON.stringify({ counts }) })).toContain(
      "is used up: 0 of 3 left before this, fits again at 2026-11-23T13:01:00.000Z",
    );
  });

  const refused: readonly (readonly [string, string])[] = [
    ["[]", "the session must be a JSON object"],
    ["{", "the session must be a JSON object"],
    ['{"labels":["untrustd"]}', "`labels` names `untrustd`, which isn't there: did you mean `untrusted`?"],
    ['{"label":["untrusted"]}', "the session's field names `label`, which isn't there: did you mean `labels`?"],
    ['{"at":"yesterday"}', "`at` must be a time with an offset"],
    ['{"at":"2026-11-23T10:00:00"}', "`at` must be a time with an offset"],
    ['{"age":"long"}', "`age` must be a duration"],
    ['{"calls":-1}', "`calls` must be a whole number"],
    ['{"counts":{"x":1}}', "`counts` names `x`"],
    ['{"counts":{"limit crm.notes.write to 5 per session":"many"}}', "must be a number"],
    ['{"approved":["boss"]}', "`approved` names `boss`"],
    ['{"did":["no.such"]}', "`did` names `no.such`"],
    [
      '{"did":[{"action":"crm.contacts.read","args":{"contact":1}}]}',
      "`did` states `crm.contacts.read` with `/contact`",
    ],
    ['{"environment":"moon"}', "`environment` names `moon`"],
    ['{"confidence":2}', "`confidence` must be a number from 0 to 1"],
    ['{"requester":5}', "`requester` must be text in quotes"],
  ];
  test.each(refused)("%s is refused with what to write", (session, problem) => {
    const found = scenario({ session });
    expect(found.ok ? "" : found.problem).toContain(problem);
  });

  test("unknown agents and actions are refused with those there are", () => {
    expect(scenario({ agent: "bott" })).toEqual({
      ok: false,
      problem: "the policy has no agent `bott`; did you mean `bot`?",
    });
    const found = scenario({ action: "email.sent" });
    expect(found.ok ? "" : found.problem).toContain("did you mean `email.send`?");
    expect(scenario({ args: "5" }).ok).toBe(false);
  });

  test("a number that isn't exact stays what it is, so that explain refuses it as the edge does", () => {
    const args = '{"order":"o","amount":0.1234567890123456789,"currency":"EUR"}';
    const refunds = compiled("role r { allow payments.refund }").table;
    const found = readScenario({ agent: "bot", action: "payments.refund", args, session: null, now: NOON }, refunds);
    if (!found.ok) throw new Error(found.problem);
    expect(decide(match(prepare(refunds), found.request), found.state).faults.map((fault) => fault.pointer)).toEqual([
      "/amount",
    ]);
  });
});

describe("a stated task", () => {
  const piece = `role mails { allow email.send when task mentions args.to }
    agent top { owner leads purpose "p" review by 2027-11-30 roles mails identity key ed25519 "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"
      task from client  may call below for email.send }
    agent below { owner leads purpose "p" review by 2027-11-30 roles mails
      identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }`;
  const { table: withTasks } = compiled(piece);
  const read = (agent: string, session: object): ReturnType<typeof readScenario> =>
    readScenario(
      { agent, action: "email.send", args: MAIL, session: JSON.stringify({ task: "x", ...session }), now: NOON },
      withTasks,
    );

  test.each([
    ["top", {}],
    ["below", { callers: ["top"] }],
    ["below", { requester: "kim@acme.example" }],
  ])("is known where somebody vouches for it: %s with %j", (agent, session) => {
    const found = read(agent, session);
    expect(found.ok && found.state.task).toBe("x");
  });

  test("is refused where nobody does, since the edge would open the session without it", () => {
    expect(read("below", {})).toEqual({
      ok: false,
      problem: "nobody vouches for the `task`: state the `requester` too, or write `task from client` in `agent below`",
    });
  });
});

describe("opening a session", () => {
  const { table: opening } = compiled(`
action tickets.read(id: string(max 64)) is read on "tickets/{id}"
role sales { allow tickets.read }
every agent {
  limit session.open when environment == "production" to 3 in 1h per agent
  never session.open when requester.id == "eve@acme.example"
}`);
  const told = (policy: typeof opening, requester: string | null): string => {
    const session = JSON.stringify(requester === null ? {} : { requester });
    const text = { agent: "bot", action: "session.open", args: null, session, now: NOON };
    const found = readScenario(text, policy);
    if (!found.ok) throw new Error(found.problem);
    const said = explainScenario(prepare(policy), found.request, found.state);
    return explainText(said, policy, { agent: "bot", colour: false, width: 80 });
  };

  test("shows the rules and limits that are about it", () => {
    const said = told(opening, "ana@acme.example");
    expect(said).toContain("allow (reason rule)");
    expect(said).toContain("✗ never session.open when requester.id ==");
    expect(said).toContain("✓ limit session.open when environment ==");
    expect(told(opening, "eve@acme.example")).toContain("✓ never session.open when requester.id ==");
  });

  test("says what holds where no limit counts it", () => {
    expect(told(table, null)).toMatch(/at most 10 sessions open and opens 60 an\s+hour/);
  });
});
