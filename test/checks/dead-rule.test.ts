/** A rule that is said to decide nothing decides nothing: without it every random request has the same answer. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compile } from "../../compiler/index.ts";
import type { Diagnostic, Source } from "../../dsl/index.ts";
import { engineAnswer } from "../reference/agree.ts";
import { choiceOf } from "../reference/choice.ts";
import { compiled, sourceOf, withoutErrors } from "../reference/compiled.ts";
import { randomPolicy } from "../reference/random-policy.ts";
import { randomQuestion, randomState } from "../reference/random-request.ts";

const RUNS = Math.ceil(Number(process.env["PROPERTY_RUNS"] ?? 300) / 2);
const REQUESTS = 20;
const CODES: readonly string[] = ["AP4100", "AP4101", "AP4102"];

/** The policy without the rule that the finding is about; null where that isn't one of a block. */
function without(source: Source, { span }: Diagnostic): Source | null {
  const blocks = compile([source]).program?.blocks ?? [];
  const rule = blocks
    .flatMap((block) => [...block.rules])
    .find(({ node }) => node.span.start <= span.start && span.end <= node.span.end);
  if (!rule) return null;
  const { start, end } = rule.node.span;
  return { name: source.name, text: source.text.slice(0, start) + source.text.slice(end) };
}

test(
  "without it nothing changes",
  () => {
    let found = 0;
    const property = fc.property(fc.gen(), (draw) => {
      const choice = choiceOf(draw);
      const plan = withoutErrors(randomPolicy(choice));
      if (plan === null) return;
      const source = sourceOf(plan.declarations);
      const dead = compile([source]).diagnostics.filter(({ code }) => CODES.includes(code));
      for (const finding of dead) {
        const left = without(source, finding);
        if (left === null || compile([left]).table === null) continue;
        found += 1;
        const before = compiled([source]);
        const after = compiled([left]);
        for (let number = 0; number < REQUESTS; number += 1) {
          const question = randomQuestion(choice, plan);
          const state = randomState(choice, plan, question.at);
          const text = `${source.text}\n\n${finding.code} at ${finding.span.start}\n${JSON.stringify(question)}`;
          expect(comparable(engineAnswer(after, question, state)), text).toEqual(
            comparable(engineAnswer(before, question, state)),
          );
        }
      }
    });
    fc.assert(property, { numRuns: RUNS, endOnFailure: true });
    expect(found).toBeGreaterThan(0);
  },
  60_000 + RUNS * 1000,
);

/** Why something is denied may differ: what nothing grants, and what is forbidden, are both denied. */
function comparable({ decision, approvals, notify }: ReturnType<typeof engineAnswer>): object {
  return decision === "deny" ? { decision } : { decision, approvals: approvals.toSorted(), notify: notify.toSorted() };
}

test("a guard that only an import's own one covers by now is right to stand", () => {
  const text = `policy "guard" {}
    class crm_unreviewed
    action crm.run(script: string) is execute, crm_unreviewed on none
    every agent {
      never crm_unreviewed
      never execute
    }
    agent helper {
      owner    "ana@acme.example"
      purpose  "Runs what was reviewed"
      identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
      review   by 2027-11-30
      allow crm.run
      limit crm.run to 5 in 1h per agent
    }`;
  const found = compile([{ name: "guard.agentpolicy", text }]).diagnostics;
  expect(found.map(({ code }) => code)).not.toContain("AP4102");
});
