/** Proofs: what is shown as a breach is one, and what holds isn't broken by any random request. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile, proveClaim, type ResolvedClaim, runTests, sha256Hex } from "../../compiler/index.ts";
import type { Tier } from "../../engine/index.ts";
import { readCorpus } from "../harness/corpus-file.ts";
import { engineState } from "../reference/agree.ts";
import { choiceOf } from "../reference/choice.ts";
import { compiled, sourceOf, withoutErrors } from "../reference/compiled.ts";
import { randomPolicy } from "../reference/random-policy.ts";
import { randomQuestion, randomState } from "../reference/random-request.ts";
import { realFate } from "./fate-of.ts";
import { RUNS, SETTINGS } from "./runs.ts";

const DAY = 86_400_000;
const source = readCorpus("diagnostics/proofs.agentpolicy");

describe("a breach", () => {
  const { diagnostics } = compile([source], { today: Date.UTC(2026, 10, 21) });
  const breaches = diagnostics.filter(({ code }) => code === "AP6001");

  test("is found for each claim that doesn't hold", () => {
    expect(breaches.length).toBe(6);
  });

  test.each(breaches.map(({ witness }) => witness ?? ""))("passes as a test of the policy: %s", (witness) => {
    const text = `${source.text.slice(0, source.text.indexOf("prove "))}\n${witness}\n`;
    const compilation = compile([{ name: "witness.agentpolicy", text }]);
    expect(compilation.diagnostics.filter(({ level }) => level === "error")).toEqual([]);
    const run = runTests(compilation);
    expect(run.failed).toBe(0);
    expect(run.passed).toBeGreaterThan(0);
  });
});

describe("a guard whose cases can't be told apart", () => {
  const policy = (prove: string, guard: string): string => `policy "p" {
  environments production
  people oidc "https://idp.example" audience "a"
  operators ops
  auditors ops
}
group ops = ["a@b.example"]
approval pair { approvers ops within 1h }
action host.release(id: string(max 40), note: string(max 400)) is write on "host/{id}"
action host.erase(id: string(max 40)) is delete on "host/{id}"
role r {
  ask   host.release via pair
  allow host.erase when args.id == "spare"
  never host.erase
}
agent bot {
  owner ops
  purpose "Mends hosts"
  roles r
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  review by 2027-06-30
}
every agent {
  limit * to 10 in 1h per agent
  ${guard}
}
prove "p" { ${prove} }`;
  const proofsIn = (prove: string, guard: string): readonly string[] =>
    compile([{ name: "p.agentpolicy", text: policy(prove, guard) }], { today: Date.UTC(2026, 10, 21) })
      .diagnostics.map(({ code }) => code)
      .filter((code) => code.startsWith("AP6"));

  test.each(["never * when args contain secrets", "never host.* when args contain card_numbers"])(
    "stands in no proof's way: %s",
    (guard) => {
      expect(proofsIn("host.release => at least ask", guard)).toEqual([]);
      expect(proofsIn("no agent can host.release and host.erase", guard)).toEqual([]);
    },
  );

  test("proves nothing that only it would make true", () => {
    const guard = "never host.release when args contain secrets";
    expect(proofsIn("host.release => at least never", guard)).toEqual(["AP6001"]);
    expect(proofsIn("host.release => at most notify", guard)).not.toEqual([]);
  });
});

const RANK: { readonly [tier in Tier | "deny"]: number } = { allow: 0, notify: 1, ask: 2, never: 3, deny: 3 };

test("a bound that holds isn't broken by any random request", { timeout: 60_000 + RUNS * 4000 }, () => {
  const counts = { holds: 0, broken: 0, unknown: 0, requests: 0 };
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const choice = choiceOf(draw);
      const plan = withoutErrors(randomPolicy(choice));
      if (plan === null) return;
      const policy = compiled([sourceOf(plan.declarations)]);
      const action = choice.pick(policy.table.body.actions);
      const tier = choice.pick(["notify", "ask", "never"] as const);
      const claim: ResolvedClaim = {
        kind: "bound",
        span: { source: "", start: 0, end: 0 },
        scope: { select: [{ kind: "action", name: action.name }], except: [], on: null, on_except: [] },
        when: choice.oneIn(2) ? null : { op: "session_has", label: "seen" },
        actions: [action],
        bound: "at least",
        tier,
        via: [],
      };
      const { kind } = proveClaim(claim, policy.table, undefined);
      counts[kind] += 1;
      if (kind !== "holds") return;
      for (let number = 0; number < 60; number += 1) {
        const { callers: _, ...asked } = { ...randomQuestion(choice, plan), sha256: sha256Hex };
        const state = randomState(choice, plan, asked.at);
        if (asked.action !== action.name || (claim.when !== null && !state.labels.has("seen"))) continue;
        const session = { ...state, opened_at: state.now - Math.max(state.now - state.opened_at, DAY / 2) };
        const fate = realFate(policy.prepared, asked, engineState(policy.table, session, asked.agent));
        if (fate === null) continue;
        counts.requests += 1;
        const shown = `${JSON.stringify({ claim, asked })}\n${plan.declarations.join("\n\n")}`;
        expect(RANK[fate.tier], shown).toBeGreaterThanOrEqual(RANK[tier]);
      }
    }),
    SETTINGS,
  );
  if (process.env["ANALYSIS_RUNS"] !== undefined) process.stdout.write(`${JSON.stringify(counts)}\n`);
});
