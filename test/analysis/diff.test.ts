/**
 * Comparisons of random policies, against the engine: whatever is shown is so, and whatever a random request comes to
 * under both policies was shown for its agent and action, or said to be open. `ANALYSIS_RUNS` sets how many pairs are tried.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compile, diffPolicies, type Fate, type Mark, type PolicyDiff, sha256Hex } from "../../compiler/index.ts";
import { type Compiled, engineState } from "../reference/agree.ts";
import { type Choice, choiceOf } from "../reference/choice.ts";
import { compiled, sourceOf, withoutErrors } from "../reference/compiled.ts";
import { type PolicyPlan, randomPolicy, randomRule } from "../reference/random-policy.ts";
import { randomQuestion, randomState } from "../reference/random-request.ts";
import { fateText, realFate } from "./fate-of.ts";
import { RUNS, SETTINGS } from "./runs.ts";

const REQUESTS = 80;
const DAY = 86_400_000;

const RANK: { readonly [tier in Fate["tier"]]: number } = { deny: 0, ask: 1, notify: 2, allow: 3 };

/** As the comparison orders fates; all approvals and channels of the random policies are the same before and after. */
function step(before: Fate, after: Fate): { readonly looser: boolean; readonly stricter: boolean } {
  const ranks = RANK[after.tier] - RANK[before.tier];
  if (ranks !== 0) return { looser: ranks > 0, stricter: ranks < 0 };
  const lost = (a: readonly string[], b: readonly string[]): boolean => a.some((name) => !b.includes(name));
  return {
    looser: lost(before.via, after.via) || lost(before.to, after.to),
    stricter: lost(after.via, before.via) || lost(after.to, before.to),
  };
}

type Change = (choice: Choice, text: string, plan: PolicyPlan) => string;

/** One thing changed in the text of a policy. */
const CHANGES: { readonly [name: string]: Change } = {
  "a line dropped": (choice, text) => {
    const lines = text.split("\n");
    const rules = lines.flatMap((line, at) => (/^ {2}(allow|notify|ask|never|limit) /.test(line) ? [at] : []));
    const gone = rules.length === 0 ? -1 : choice.pick(rules);
    return lines.filter((_, at) => at !== gone).join("\n");
  },
  "a number changed by little": (choice, text) =>
    replaceOne(choice, text, /(?<=[<>=] )\d+(?:\.\d+)?(?=[ )\n])/g, (one) => `${one}${one.includes(".") ? "" : ".0"}1`),
  "`when` and `unless` swapped": (choice, text) =>
    replaceOne(choice, text, /(?<=^ {2}(?:allow|notify|ask|never|limit) .*) (?:when|unless) /gm, (one) =>
      one === " when " ? " unless " : " when ",
    ),
  "a pattern widened": (choice, text) => replaceOne(choice, text, /(?<= on "[^"]*)\/[^"/]*(?=")/g, () => "/**"),
  "a tier changed": (choice, text) =>
    replaceOne(choice, text, /^ {2}(?:allow|never)(?= )/gm, (one) => (one === "  allow" ? "  never" : "  allow")),
  "a rule added": (choice, text, plan) =>
    text.replace(/^role writer \{$/m, (head) => `${head}\n  ${randomRule(choice, plan.actions, false)}`),
  "a member of a set dropped": (_, text) => text.replace('["alpha", "beta", "delta"]', '["alpha", "delta"]'),
  "a role renamed": (_, text) => text.replace(/\bwriter\b/g, "author"),
  "blocks turned round": (_, text) => text.split("\n\n").toReversed().join("\n\n"),
};

function replaceOne(choice: Choice, text: string, pattern: RegExp, change: (one: string) => string): string {
  const places = [...text.matchAll(pattern)];
  if (places.length === 0) return text;
  const { index, 0: found } = choice.pick(places);
  return text.slice(0, index) + change(found) + text.slice(index + found.length);
}

const counts = { pairs: 0, cells: 0, changed: 0, doubtful: 0, requests: 0, differing: 0 };

function expectRight(choice: Choice, plan: PolicyPlan, before: Compiled, after: Compiled, text: string): void {
  const found = diffPolicies(before.table, after.table);
  counts.pairs += 1;
  const marks = marksOf(found);
  counts.cells += marks.size;
  for (const mark of marks.values()) {
    counts.changed += /[▲▼]/.test(mark) ? 1 : 0;
    counts.doubtful += mark.includes("~") ? 1 : 0;
  }
  for (const change of found.requests) expect(step(change.before, change.after)[change.direction], text).toBe(true);
  for (let number = 0; number < REQUESTS; number += 1) {
    const { callers: _, ...asked } = { ...randomQuestion(choice, plan), sha256: sha256Hex };
    const state = randomState(choice, plan, asked.at);
    // A role that was renamed is gained under its new name.
    const roles = new Set([...state.roles, ...(state.roles.has("writer") ? ["author"] : [])]);
    const session = { ...state, roles, opened_at: state.now - Math.max(state.now - state.opened_at, DAY / 2) };
    if (!after.table.body.actions.some((action) => action.name === asked.action)) continue;
    const old = realFate(before.prepared, asked, engineState(before.table, session, asked.agent));
    const now = realFate(after.prepared, asked, engineState(after.table, session, asked.agent));
    if (old === null || now === null) continue;
    counts.requests += 1;
    const { looser, stricter } = step(old, now);
    const mark = marks.get(`${asked.agent} ${asked.action}`) ?? "·";
    const shown = `${fateText(old)} became ${fateText(now)}, but the comparison says ${mark}\n${JSON.stringify({ asked, session: { ...session, labels: [...session.labels] } })}\n${text}`;
    if (looser || stricter) counts.differing += 1;
    if (looser) expect(/[▲~]/.test(mark), shown).toBe(true);
    if (stricter) expect(/[▼~]/.test(mark), shown).toBe(true);
  }
}

function marksOf({ matrix }: PolicyDiff): ReadonlyMap<string, Mark> {
  return new Map(
    matrix.agents.flatMap((agent, row) =>
      matrix.actions.map((action, column) => [`${agent} ${action}`, matrix.marks[row]?.[column] ?? "·"] as const),
    ),
  );
}

function compiles(text: string): Compiled | null {
  const source = { name: "random.agentpolicy", text };
  return compile([source]).table === null ? null : compiled([source]);
}

test("policies that differ in one thing", { timeout: 60_000 + RUNS * 4000 }, () => {
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const choice = choiceOf(draw);
      const plan = withoutErrors(randomPolicy(choice));
      if (plan === null) return;
      const { text } = sourceOf(plan.declarations);
      const name = choice.pick(Object.keys(CHANGES));
      const changed = CHANGES[name]?.(choice, text, plan) ?? text;
      const after = compiles(changed);
      if (after === null) return;
      const before = compiled([sourceOf(plan.declarations)]);
      expectRight(choice, plan, before, after, `${name}\n${text}\n\n--- became ---\n\n${changed}`);
      if (name === "a role renamed" || name === "blocks turned round") {
        const { requests, settings } = diffPolicies(before.table, after.table);
        expect([...requests, ...settings], text).toEqual([]);
      }
    }),
    SETTINGS,
  );
});

test("policies whose rules have nothing in common", { timeout: 60_000 + RUNS * 4000 }, () => {
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const choice = choiceOf(draw);
      const plan = withoutErrors(randomPolicy(choice));
      if (plan === null) return;
      const other = withRules(choice, plan);
      const after = other === null ? null : compiles(sourceOf(other.declarations).text);
      if (after === null) return;
      const before = compiled([sourceOf(plan.declarations)]);
      expectRight(
        choice,
        plan,
        before,
        after,
        [...plan.declarations, "--- became ---", ...(other?.declarations ?? [])].join("\n\n"),
      );
    }),
    SETTINGS,
  );
  if (process.env["ANALYSIS_RUNS"] !== undefined) process.stdout.write(`${JSON.stringify(counts)}\n`);
});

/** The same actions and agents, and other rules in the roles. */
function withRules(choice: Choice, plan: PolicyPlan): PolicyPlan | null {
  const declarations = plan.declarations.map((one) => {
    const head = /^role (?:writer|reader) \{/.exec(one)?.[0];
    if (head === undefined) return one;
    const rules = Array.from({ length: 1 + choice.upTo(3) }, () => `  ${randomRule(choice, plan.actions, false)}`);
    return [head, ...rules, "}"].join("\n");
  });
  return withoutErrors({ ...plan, declarations });
}
