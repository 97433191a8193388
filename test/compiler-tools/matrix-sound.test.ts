/**
 * The matrix against the engine, over random policies: no request has an outcome that its cell doesn't show, and every
 * outcome that a cell shows is what its example comes to. `PROPERTY_RUNS` sets how many policies are tried.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Cell, type CellOutcome, type Matrix, matrix, type Outcome, sha256Hex } from "../../compiler/index.ts";
import { readScenario } from "../../compiler/explain/scenario.ts";
import { decide, type Decision, match, type Policy, type Table } from "../../engine/index.ts";
import { engineState } from "../reference/agree.ts";
import { choiceOf } from "../reference/choice.ts";
import { compiled, sourceOf, withoutErrors } from "../reference/compiled.ts";
import { randomPolicy } from "../reference/random-policy.ts";
import { randomQuestion, randomState } from "../reference/random-request.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 150);

test("every outcome of a request stands in its cell", { timeout: 60_000 + RUNS * 500 }, () => {
  let held = 0;
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const choice = choiceOf(draw);
      const plan = withoutErrors(randomPolicy(choice));
      if (plan === null) return;
      const policy = compiled([sourceOf(plan.declarations)]);
      const shown = matrix(policy.table);
      for (let number = 0; number < 12; number += 1) {
        // The matrix is about each agent by itself, with the roles that it always has, asked by an edge that can hash.
        const question = { ...randomQuestion(choice, plan), callers: [], sha256: sha256Hex };
        const fresh = { approvals: new Set<string>(), roles: new Set<string>(), used: () => 0n };
        const state = { ...randomState(choice, plan, question.at), ...fresh };
        const decision = decide(match(policy.prepared, question), engineState(policy.table, state, question.agent));
        const outcome = outcomeOf(decision);
        if (outcome === null) continue;
        held += 1;
        const cell = cellOf(shown, question.agent, question.action);
        expect(standsIn(cell, outcome), `${textOf(outcome)} of\n${plan.declarations.join("\n\n")}`).toBe(true);
      }
    }),
    { numRuns: RUNS },
  );
  expect(held).toBeGreaterThan(RUNS);
});

const EXAMPLE_RUNS = Math.ceil(RUNS / 3);

test("every outcome that stands in a cell is what its example comes to", { timeout: 60_000 + RUNS * 500 }, () => {
  let held = 0;
  let open = 0;
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const plan = withoutErrors(randomPolicy(choiceOf(draw)));
      if (plan === null) return;
      const replayed = replayAll(plan.declarations);
      held += replayed.held;
      open += replayed.open;
    }),
    { numRuns: EXAMPLE_RUNS },
  );
  expect(held).toBeGreaterThan(EXAMPLE_RUNS);
  // Some rest on more than an example can state: arguments of earlier calls, the name of the session.
  expect(open).toBeLessThan(held);
});

const HEAD = `policy "p" { environments production session lifetime 8h idle 30m people oidc "https://a.example" audience "x" }
group leads = ["ana@acme.example"]
approval lead { approvers leads within 1h }
agent bot {
  owner leads purpose "tests" roles sender review by 2027-12-31
  identity key ed25519 "Ym90Ym90Ym90Ym90Ym90Ym90Ym90Ym90Ym90Ym90Ym8"
}`;

test.each([
  [
    "one earlier call makes several tests true",
    `action send(to: string(max 9), body: string(max 9)) is write on none
role sender {
  allow send
  ask send when session did send same (to) or not session did send same (body) via lead
}`,
  ],
  [
    "a whole number without bounds",
    `action send(rec: record { n: int? }) is write on none
role sender { allow send unless args.rec.n is present }`,
  ],
])("an example is whole or says that it isn't: %s", (_, text) => {
  expect(replayAll([HEAD, text]).held).toBeGreaterThan(0);
});

/** Compares each outcome with what its example comes to; how many that were, and how many rest on more than it states. */
function replayAll(declarations: readonly string[]): { readonly held: number; readonly open: number } {
  const { table, prepared } = compiled([sourceOf(declarations)]);
  const shown = matrix(table);
  const replay = replayOf(shown, table, prepared);
  const counts = { held: 0, open: 0 };
  shown.agents.forEach((agent, row) => {
    const gains = agent.may_become.flatMap((becoming) => becoming.gains);
    const places = shown.actions.map((action, column) => ({ action: action.name, cell: shown.cells[row]?.[column] }));
    const all = [...places.map(({ action, cell }) => ({ action, outcomes: cell?.outcomes ?? [] })), ...gains];
    for (const { action, outcomes } of all) {
      expect(outcomes.length).toBeGreaterThan(0);
      for (const outcome of outcomes) {
        const real = replay(agent.name, action, outcome);
        counts[real === null ? "open" : "held"] += 1;
        const place = `${agent.name} ${action} ${JSON.stringify(shown.examples[outcome.example])}`;
        if (real !== null) expect(real, `${place}\n${declarations.join("\n\n")}`).toBe(textOf(outcome));
      }
    }
  });
  return counts;
}

/** What the engine says of an outcome's example, read as `explain` reads it; null where it isn't all of it. */
function replayOf(
  { examples }: Matrix,
  table: Table,
  policy: Policy,
): (agent: string, action: string, outcome: CellOutcome) => string | null {
  return (agent, action, { example }) => {
    const { args, session, whole } = examples[example] ?? { args: {}, session: {}, whole: false };
    if (!whole) return null;
    const texts = { args: JSON.stringify(args), session: JSON.stringify(session) };
    const read = readScenario({ agent, action, ...texts, now: Date.UTC(2026, 0, 5, 12) }, table);
    if (!read.ok) throw new Error(read.problem);
    const decision = decide(match(policy, read.request), read.state);
    return textOf(outcomeOf(decision) ?? { tier: decision.tier, via: decision.approvals });
  };
}

function textOf({ tier, via }: Outcome): string {
  return [tier, ...via].join(" ");
}

/** Shown, or told as what may come of it as well: there all approvals together stand for any of them. */
function standsIn({ outcomes, doubt }: Cell, outcome: Outcome): boolean {
  if (outcomes.some((one) => textOf(one) === textOf(outcome))) return true;
  return (doubt?.may_also ?? []).some(
    ({ tier, via }) => tier === outcome.tier && outcome.via.every((name) => via.includes(name)),
  );
}

/** Null where something else than the rules decided: arguments, a review, a limit. */
function outcomeOf(decision: Decision): Outcome | null {
  if (decision.reason === "no_rule" || decision.reason === "unknown_fact") return { tier: "none", via: [] };
  if (decision.limits.some((limit) => limit.over)) return null;
  if (decision.reason !== "rule") return null;
  return { tier: decision.tier, via: decision.approvals };
}

function cellOf(shown: Matrix, agent: string, action: string): Cell {
  const row = shown.agents.findIndex((one) => one.name === agent);
  const column = shown.actions.findIndex((one) => one.name === action);
  return shown.cells[row]?.[column] ?? { outcomes: [], doubt: null, rules: [], limits: [] };
}
