/**
 * No request has an outcome that its cell of the matrix doesn't show, over random policies, requests and sessions.
 * `PROPERTY_RUNS` sets how many policies are tried.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Matrix, matrix, type Outcome, sha256Hex } from "../../compiler/index.ts";
import { decide, type Decision, match } from "../../engine/index.ts";
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
        expect(cellOf(shown, question.agent, question.action), plan.declarations.join("\n\n")).toContainEqual(outcome);
      }
    }),
    { numRuns: RUNS },
  );
  expect(held).toBeGreaterThan(RUNS);
});

/** Null where something else than the rules decided: arguments, a review, a limit. */
function outcomeOf(decision: Decision): Outcome | null {
  if (decision.limits.some((limit) => limit.over)) return null;
  if (decision.reason === "no_rule" || decision.reason === "unknown_fact") return { tier: "none", via: [] };
  if (decision.reason !== "rule") return null;
  return { tier: decision.tier, via: decision.approvals };
}

function cellOf(shown: Matrix, agent: string, action: string): readonly Outcome[] {
  const row = shown.agents.findIndex((one) => one.name === agent);
  const column = shown.actions.findIndex((one) => one.name === action);
  return shown.cells[row]?.[column]?.outcomes ?? [];
}
