/** Rules that made the outcome of no call: what the tests of a policy don't speak about, and which test comes nearest. */
import {
  type Block,
  blockReach,
  blockTitle,
  explain,
  type ExplainedRule,
  type Rule,
  type Table,
} from "../../engine/index.ts";
import { type Place, placeOf } from "../place-of.ts";
import type { Compilation, ResolvedCall, ResolvedTest } from "../program.ts";
import { spanPlace } from "./failure.ts";
import { missesOf } from "./misses.ts";
import type { Listener } from "./play-test.ts";
import type { Coverage, Miss, Nearest } from "./test-run.ts";
import { askerOf, requestOf, type Run, type World } from "./test-world.ts";

/** What is gathered while tests are played. */
export interface CoverageNotes {
  readonly compilation: Compilation;
  /** Ids of the rules that made an outcome. */
  readonly decided: ReadonlySet<string>;
  /** By rule: the call that missed the fewest of its conditions. */
  readonly nearest: ReadonlyMap<string, Nearest>;
  /** By agent: the first test that runs it. */
  readonly runs: ReadonlyMap<string, ResolvedTest>;
  listen(test: ResolvedTest): Listener;
}

export function newCoverage(compilation: Compilation, table: Table): CoverageNotes {
  const decided = new Set<string>();
  const nearest = new Map<string, Nearest & { readonly kind: "call" }>();
  const runs = new Map<string, ResolvedTest>();
  const rules = new Map(table.body.blocks.flatMap((block) => block.rules.map((rule) => [rule.id, rule] as const)));
  return {
    compilation,
    decided,
    nearest,
    runs,
    listen: (test) => {
      let asked: Asked | null = null;
      return {
        before: (world, run, step) => {
          const { agent } = askerOf(world, run);
          if (!runs.has(agent)) runs.set(agent, test);
          asked = step.kind === "call" ? { step, rules: explainedRules(world, run, step) } : null;
        },
        after: (decision) => {
          for (const rule of decision.rules) decided.add(rule.id);
          for (const explained of asked?.rules ?? []) {
            const rule = rules.get(explained.rule.id);
            if (asked === null || rule === undefined || rule.trial) continue;
            const misses = missesOf(rule, explained, decision);
            if (misses.length >= (nearest.get(rule.id)?.misses.length ?? Infinity)) continue;
            const place = spanPlace(compilation, asked.step.span);
            nearest.set(rule.id, { kind: "call", test: test.title, place, action: asked.step.action, misses });
          }
          // Of a repeat the first call tells what all of them meet.
          asked = null;
        },
      };
    },
  };
}

/** A call that is being decided, with what its rules were before it. */
interface Asked {
  readonly step: ResolvedCall;
  readonly rules: readonly ExplainedRule[];
}

function explainedRules(world: World, run: Run, step: ResolvedCall): readonly ExplainedRule[] {
  const state = run.tree.state(askerOf(world, run), () => step.answer === "approved");
  return explain(world.policy, requestOf(world, run.seats, step), state).rules;
}

/** Trial rules are left out, since they never decide. */
export function coverageOf(table: Table, notes: CoverageNotes): Coverage {
  const rules = table.body.blocks.flatMap((block) =>
    block.rules.filter((rule) => !rule.trial).map((rule) => ({ block, rule })),
  );
  const missing = rules
    .filter(({ rule }) => !notes.decided.has(rule.id))
    .map(({ block, rule }) => ({
      id: rule.id,
      block: blockTitle(block),
      text: rule.text,
      place: placeOf(table, rule.id),
      nearest: nearestOf(table, notes, block, rule),
    }));
  return { rules: rules.length, never_decided: missing.sort((a, b) => byPlace(a.place, b.place)) };
}

function nearestOf(table: Table, notes: CoverageNotes, block: Block, rule: Rule): Nearest {
  const call = notes.nearest.get(rule.id);
  if (call !== undefined) return call;
  const agents = agentsWith(table, block);
  for (const agent of agents) {
    const test = notes.runs.get(agent);
    if (test !== undefined)
      return { kind: "agent", test: test.title, place: spanPlace(notes.compilation, test.span), agent };
  }
  return { kind: "none", agents };
}

function agentsWith({ body }: Table, block: Block): readonly string[] {
  return body.agents.filter((agent) => blockReach(block, agent) !== "never").map((agent) => agent.name);
}

/** `session has confidential (was false)`; several are joined. */
function missText({ part, was, unknown }: Miss): string {
  if (was === "outdone") return part;
  const missing = unknown.length === 0 ? "" : `: no ${unknown.map((fact) => `\`${fact}\``).join(", ")}`;
  return `\`${part}\` was ${was}${missing}`;
}

/** What a reader does with it: the nearest test by its title, and what kept it away. */
export function nearestText(nearest: Nearest): string {
  switch (nearest.kind) {
    case "call":
      return `"${nearest.test}" calls \`${nearest.action}\`, but ${nearest.misses.map(missText).join(" and ")}`;
    case "agent":
      return `"${nearest.test}" runs \`${nearest.agent}\`, but calls nothing that the rule is about`;
    case "none":
      return nearest.agents.length === 0
        ? "no agent has this rule"
        : `no test runs ${nearest.agents
            .slice(0, 3)
            .map((name) => `\`${name}\``)
            .join(" or ")}`;
  }
}

function byPlace(a: Place | null, b: Place | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
