/** Laws of docs/language.md, "Rules", and of the table, over random policies. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile, serializeTable } from "../../compiler/index.ts";
import { parse, print, type Source } from "../../dsl/index.ts";
import { engineAnswer, engineOpening } from "./agree.ts";
import { type Choice, choiceOf } from "./choice.ts";
import { compiled, sourceOf, withoutErrors } from "./compiled.ts";
import type { Answer } from "./model.ts";
import { type PolicyPlan, randomLimit, randomOpening, randomPolicy, randomRule } from "./random-policy.ts";
import { randomQuestion, randomState } from "./random-request.ts";

const RUNS = Math.ceil(Number(process.env["PROPERTY_RUNS"] ?? 300) / 4);
const REQUESTS = 8;
const TIMEOUT = 60_000 + RUNS * 1000;

/** How much is let through: 0 nothing, 1 after a person, 2 with a notice, 3 at once. */
function freedom({ decision, tier, approvals }: Answer): number {
  if (decision === "deny") return 0;
  if (decision === "ask" || approvals.length > 0) return 1;
  return tier === "notify" ? 2 : 3;
}

/** Not freer, and where a person is asked, no person less. */
function expectNoLooser(after: Answer, before: Answer, text: string): void {
  expect(freedom(after), text).toBeLessThanOrEqual(freedom(before));
  if (after.decision !== "deny") {
    expect(
      before.approvals.filter((name) => !after.approvals.includes(name)),
      text,
    ).toEqual([]);
    expect(
      before.notify.filter((name) => !after.notify.includes(name)),
      text,
    ).toEqual([]);
  }
}

function forPolicies(body: (choice: Choice, plan: PolicyPlan) => void): void {
  const property = fc.property(fc.gen(), (draw) => {
    const choice = choiceOf(draw);
    const plan = withoutErrors(randomPolicy(choice));
    if (plan !== null) body(choice, plan);
  });
  fc.assert(property, { numRuns: RUNS });
}

type Law = (after: Answer, before: Answer, text: string) => void;

/** Compares answers under a policy and under the same with one item more in the block that begins with `head`. */
function expectItem(choice: Choice, plan: PolicyPlan, head: string, item: string, law: Law): void {
  const widened = withItem(plan, head, item);
  if (compile([sourceOf(widened.declarations)]).table === null) return;
  const before = compiled([sourceOf(plan.declarations)]);
  const after = compiled([sourceOf(widened.declarations)]);
  for (let number = 0; number < REQUESTS; number += 1) {
    const question = randomQuestion(choice, plan);
    const state = randomState(choice, plan, question.at);
    const text = `${plan.declarations.join("\n\n")}\n\nadded to ${head}: ${item}\n\n${JSON.stringify(question)}`;
    law(engineAnswer(after, question, state), engineAnswer(before, question, state), text);
    law(engineOpening(after, question, state), engineOpening(before, question, state), `opening: ${text}`);
  }
}

/** `every agent` may stand any number of times, a role once. */
function withItem(plan: PolicyPlan, head: string, item: string): PolicyPlan {
  if (head === "every agent") return { ...plan, declarations: [...plan.declarations, `every agent {\n  ${item}\n}`] };
  const declarations = plan.declarations.map((one) =>
    one.startsWith(`${head} {`) ? one.replace(/\}$/, `  ${item}\n}`) : one,
  );
  return { ...plan, declarations };
}

function tableOf(sources: readonly Source[]): string | null {
  const { table } = compile(sources);
  return table === null
    ? null
    : serializeTable({ ...table, places: { files: [], rules: [], declarations: [] }, places_hash: "" });
}

/** Reverses or rotates the rules of a block. */
function shuffledBlock(choice: Choice, declaration: string): string {
  if (!/^(role|every agent)/.test(declaration)) return declaration;
  const [head = "", ...rest] = declaration.split("\n");
  const items = rest.slice(0, -1);
  return [head, ...choice.some(items, items.length, items.length), "}"].join("\n");
}

describe("adding never loosens", () => {
  test("a rule or limit in `every agent`", { timeout: TIMEOUT }, () => {
    forPolicies((choice, plan) => {
      const item = choice.pick([
        () => randomLimit(choice, plan.actions),
        () => randomOpening(choice),
        () => randomRule(choice, plan.actions, true),
      ])();
      expectItem(choice, plan, "every agent", item, expectNoLooser);
    });
  });

  test("a `never` in a role", { timeout: TIMEOUT }, () => {
    forPolicies((choice, plan) => {
      const item = randomRule(choice, plan.actions, true)
        .replace(/^(trial )?(never|ask|notify) /, "never ")
        .replace(/ (via|to) .*$/, "");
      expectItem(choice, plan, "role writer", item, expectNoLooser);
    });
  });

  test("a limit in a role", { timeout: TIMEOUT }, () => {
    forPolicies((choice, plan) => {
      expectItem(choice, plan, "role writer", randomLimit(choice, plan.actions), expectNoLooser);
    });
  });

  test("any rule, to what is already granted", { timeout: TIMEOUT }, () => {
    forPolicies((choice, plan) => {
      expectItem(choice, plan, "role writer", randomRule(choice, plan.actions, false), (after, before, text) => {
        const granted = before.reason !== "no_rule" && before.reason !== "unknown_fact";
        if (granted) expectNoLooser(after, before, text);
      });
    });
  });
});

describe("standing below others never loosens", () => {
  test("one more agent above the chain", { timeout: TIMEOUT }, () => {
    forPolicies((choice, plan) => {
      const policy = compiled([sourceOf(plan.declarations)]);
      for (let number = 0; number < REQUESTS; number += 1) {
        const question = randomQuestion(choice, plan);
        const below = { ...question, callers: [choice.pick(["bot", "other", "third"]), ...(question.callers ?? [])] };
        const state = randomState(choice, plan, question.at);
        const text = `${plan.declarations.join("\n\n")}\n\n${JSON.stringify(below)}`;
        expectNoLooser(engineAnswer(policy, below, state), engineAnswer(policy, question, state), text);
        expectNoLooser(engineOpening(policy, below, state), engineOpening(policy, question, state), text);
      }
    });
  });
});

describe("the table is a function of the set of rules", () => {
  test("the order of declarations, rules and files changes no byte", { timeout: TIMEOUT }, () => {
    forPolicies((choice, plan) => {
      const all = plan.declarations.map((one) => shuffledBlock(choice, one));
      const mixed = choice.some(all, all.length, all.length);
      const cut = choice.upTo(mixed.length);
      const files = [sourceOf(mixed.slice(0, cut), "b.agentpolicy"), sourceOf(mixed.slice(cut), "a.agentpolicy")];
      expect(tableOf(files), plan.declarations.join("\n\n")).toBe(tableOf([sourceOf(plan.declarations)]));
    });
  });

  test("printing a policy keeps its table and is stable", { timeout: TIMEOUT }, () => {
    forPolicies((_choice, plan) => {
      const source = sourceOf(plan.declarations);
      const printed = { ...source, text: print(parse(source).file) };
      expect(print(parse(printed).file)).toBe(printed.text);
      expect(tableOf([printed]), source.text).toBe(tableOf([source]));
    });
  });
});
