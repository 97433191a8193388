/** Denials that no other request, and no waiting, would turn: who can do something about them is said. */
import { describe, expect, test } from "vitest";
import { explainText, readScenario } from "../../compiler/index.ts";
import { decide, type Decision, explain, match, prepare, type Table } from "../../engine/index.ts";
import { compiled } from "./compiled.ts";

const NOON = Date.UTC(2026, 10, 23, 12);

function scenario(table: Table, args: object, session: object): Extract<ReturnType<typeof readScenario>, { ok: true }> {
  const text = { args: JSON.stringify(args), session: JSON.stringify(session) };
  const found = readScenario({ agent: "bot", action: "payments.refund", ...text, now: NOON }, table);
  if (!found.ok) throw new Error(found.problem);
  return found;
}

function decided(table: Table, args: object, session: object): Decision {
  const { request, state } = scenario(table, args, session);
  return decide(match(prepare(table), request), state);
}

const REFUND = { order: "o", amount: 5, currency: "EUR" };

describe("limits", () => {
  const { table } = compiled(`
role r {
  allow payments.refund
  limit payments.refund to 3 in 1h per requester
  limit payments.refund total args.amount to 500 in 24h per agent
}`);

  function explained(args: object, session: object): string {
    const { request, state } = scenario(table, args, session);
    return explainText(explain(prepare(table), request, state), table, { agent: "bot", colour: false, width: 80 });
  }

  test("a limit for each person is marked as what decided where there is none", () => {
    expect(explained(REFUND, {})).toMatchInlineSnapshot(`
      "deny (reason requester_missing)
        a limit counts \`payments.refund\` for each person: open the session with a
        requester's token
        acts on payments/o

      rules
        ✓ allow payments.refund
            grants (role r, piece.agentpolicy:3:3)

      limits
        ✓ limit payments.refund total args.amount to 500 in 24h per agent
            500 of 500 left before this (piece.agentpolicy:5:3)
        ✓ limit payments.refund to 3 in 1h per requester
            counts for each person, and there is none  ← decided
            (piece.agentpolicy:4:3)

      ✓ true   ✗ false   ? unknown: never grants, always restricts
      "
    `);
  });

  test("an amount beyond the whole limit is said to fit at no time", () => {
    const session = { requester: "kim@acme.example" };
    expect(explained({ ...REFUND, amount: 600 }, session)).toMatchInlineSnapshot(`
      "deny (reason limit_exceeded)
        \`payments.refund\` is over the limit \`limit payments.refund total args.amount
        to 500 in 24h per agent\`: 600 is more than the limit ever admits, so ask for
        less
        acts on payments/o

      rules
        ✓ allow payments.refund
            grants (role r, piece.agentpolicy:3:3)

      limits
        ✓ limit payments.refund total args.amount to 500 in 24h per agent
            never fits: 600 is more than the limit ever admits  ← decided
            (piece.agentpolicy:5:3)
        ✓ limit payments.refund to 3 in 1h per requester
            3 of 3 left before this (piece.agentpolicy:4:3)

      ✓ true   ✗ false   ? unknown: never grants, always restricts
      "
    `);
    const [status] = decided(table, { ...REFUND, amount: 600 }, session).limits.filter(({ over }) => over);
    expect(status).toMatchObject({ resets_at: null, too_large: "600" });
  });

  test("an amount that fits later is said to fit then", () => {
    const counts = { "limit payments.refund total args.amount to 500 in 24h per agent": 300 };
    const { limits, message } = decided(table, { ...REFUND, amount: 400 }, { requester: "kim@acme.example", counts });
    const [status] = limits.filter(({ over }) => over);
    expect(status?.resets_at).toBeGreaterThan(NOON);
    expect(status?.too_large).toBeNull();
    expect(message).toContain("200 of 500 is left, again from 2026-11-24T");
  });
});

describe("what has to be known for a grant is asked of whoever can say it", () => {
  const cases: readonly { readonly rule: string; readonly words: string }[] = [
    { rule: "args.order in vendors", words: "the edge can't read the live set" },
    { rule: "requester.id in leads", words: "open the session with a requester's token" },
    { rule: "task mentions args.order", words: "open the session with the task that was given" },
    { rule: 'request.country == "DE"', words: "the edge states it and an agent can't" },
  ];
  test.each(cases)("$rule", ({ rule, words }) => {
    const { table } = compiled(`live set vendors editors leads
action payments.refund(order: string(min 4), amount: decimal(min 0.01), currency: enum("EUR", "USD"))
  is write, spend
  on "payments/{order}"
role r { allow payments.refund when ${rule} }`);
    const { reason, message } = decided(table, { ...REFUND, order: "o-1234" }, {});
    expect(reason).toBe("unknown_fact");
    expect(message).toContain(words);
    expect(message).not.toContain("send it");
  });
});
