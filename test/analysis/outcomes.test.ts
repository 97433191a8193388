/**
 * What the analysis says can come of an action, against the engine: everything that it shows is real, and whatever a
 * random request comes to was among it, unless it said that something may be missing. `ANALYSIS_RUNS` sets how many
 * random policies are tried.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decisionOn, possibleOutcomes, sha256Hex } from "../../compiler/index.ts";
import type { Request } from "../../engine/index.ts";
import { engineState } from "../reference/agree.ts";
import { choiceOf } from "../reference/choice.ts";
import { compiled, sourceOf, withoutErrors } from "../reference/compiled.ts";
import { randomPolicy } from "../reference/random-policy.ts";
import { randomQuestion, randomState } from "../reference/random-request.ts";
import { fateText, realFate } from "./fate-of.ts";
import { RUNS, SETTINGS } from "./runs.ts";

const REQUESTS = 60;
const DAY = 86_400_000;

test("what can come of an action is what the engine says of some request", { timeout: 60_000 + RUNS * 2000 }, () => {
  const counts = { policies: 0, cells: 0, exact: 0, requests: 0 };
  const why = new Map<string, number>();
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const choice = choiceOf(draw);
      const plan = withoutErrors(randomPolicy(choice));
      if (plan === null) return;
      const policy = compiled([sourceOf(plan.declarations)]);
      const { table } = policy;
      const text = plan.declarations.join("\n\n");
      const cells = new Map<string, { readonly fates: ReadonlySet<string>; readonly inexact: string | null }>();
      counts.policies += 1;
      for (const agent of table.body.agents) {
        for (const action of table.body.actions) {
          const { outcomes, inexact } = possibleOutcomes({ table, agent, action });
          counts.cells += 1;
          counts.exact += inexact === null ? 1 : 0;
          if (inexact !== null) why.set(inexact, (why.get(inexact) ?? 0) + 1);
          for (const { fate, question } of outcomes) {
            const real = realFate(policy.prepared, question.request, question.state);
            const said = `${agent.name} ${action.name}\n${JSON.stringify(question.request)}\n${decisionOn(table, question).message}\n${text}`;
            expect(real === null ? "refused" : fateText(real), said).toBe(fateText(fate));
          }
          const fates = new Set(outcomes.map(({ fate }) => fateText(fate)));
          cells.set(`${agent.name} ${action.name}`, { fates, inexact });
        }
      }
      for (let number = 0; number < REQUESTS; number += 1) {
        const question: Request = { ...randomQuestion(choice, plan), sha256: sha256Hex };
        const state = randomState(choice, plan, question.at);
        const cell = cells.get(`${question.agent} ${question.action}`);
        if (cell === undefined || question.callers !== undefined) continue;
        const age = Math.max(state.now - state.opened_at, DAY / 2);
        const session = engineState(table, { ...state, opened_at: state.now - age }, question.agent);
        const real = realFate(policy.prepared, question, session);
        if (real === null) continue;
        counts.requests += 1;
        if (cell.inexact === null && !cell.fates.has(fateText(real))) {
          const shown: string = JSON.stringify({ question, state: { ...state, labels: [...state.labels] } }, null, 1);
          expect.fail(`${fateText(real)} isn't among ${[...cell.fates].join(" | ")}\n${shown}\n${text}`);
        }
      }
    }),
    SETTINGS,
  );
  if (process.env["ANALYSIS_RUNS"] !== undefined) {
    process.stdout.write(`${JSON.stringify(counts)}\n${JSON.stringify([...why])}\n`);
  }
});
