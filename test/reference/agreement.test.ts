/**
 * The engine over the compiled table agrees with the naive evaluator over the tree, for random policies, requests and
 * session states. `PROPERTY_RUNS` sets how many policies are tried (each with several requests).
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { comparable, engineAnswer, engineOpening, referenceAnswer, referenceOpening } from "./agree.ts";
import { choiceOf } from "./choice.ts";
import { compiled, sourceOf, withoutErrors } from "./compiled.ts";
import { randomPolicy } from "./random-policy.ts";
import { randomQuestion, randomState } from "./random-request.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 300);
const REQUESTS = 20;

const counts = { policies: 0, refused: 0, cases: 0, outcomes: new Map<string, number>() };

function note(outcome: string): void {
  counts.outcomes.set(outcome, (counts.outcomes.get(outcome) ?? 0) + 1);
}

function shown(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part: unknown) => (part instanceof Set || part instanceof Map ? [...part] : part),
    2,
  );
}

test("the engine answers as the reference does", { timeout: 60_000 + RUNS * 500 }, () => {
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const choice = choiceOf(draw);
      const plan = withoutErrors(randomPolicy(choice));
      counts.policies += 1;
      if (plan === null) {
        counts.refused += 1;
        return;
      }
      const policy = compiled([sourceOf(plan.declarations)]);
      for (let number = 0; number < REQUESTS; number += 1) {
        const question = randomQuestion(choice, plan);
        const state = randomState(choice, plan, question.at + choice.pick([0, 2000]));
        const answer = engineAnswer(policy, question, state);
        const text = `${plan.declarations.join("\n\n")}\n\n${shown({ question, state })}`;
        expect(comparable(answer), text).toEqual(comparable(referenceAnswer(policy, question, state)));
        const opening = engineOpening(policy, question, state);
        expect(comparable(opening), `opening: ${text}`).toEqual(comparable(referenceOpening(policy, question, state)));
        counts.cases += 2;
        note(`${answer.tier} ${answer.decision} ${answer.reason}`);
        note(`opening: ${opening.tier} ${opening.decision} ${opening.reason}`);
      }
    }),
    { numRuns: RUNS },
  );
  expect(counts.refused / counts.policies, "most random policies compile").toBeLessThan(0.1);
  if (process.env["PROPERTY_RUNS"] !== undefined) {
    const outcomes = [...counts.outcomes].toSorted((a, b) => b[1] - a[1]).map(([name, count]) => `${count} ${name}`);
    process.stdout.write(
      `${counts.policies} policies, ${counts.refused} refused, ${counts.cases} cases\n${outcomes.join("\n")}\n`,
    );
  }
});
