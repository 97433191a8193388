/**
 * AP4013: in a session that has read what a stranger wrote and what is confidential, something can leave without a
 * person being asked. That is how injected text carries data out.
 */
import type { Action, Agent } from "../../engine/index.ts";
import type { Program, ResolvedBlock, ResolvedRule } from "../program.ts";
import { assumeLabels, type Truth } from "./assume.ts";
import { blocksFor, type CheckContext } from "./check.ts";
import { namingSelector } from "./naming-selector.ts";
import { surelyAbout } from "./restricts.ts";
import { withLabels, witness } from "./witness.ts";

export function checkOpenExit(context: CheckContext): void {
  const { program } = context;
  const seen = new Set<string>();
  for (const { row: agent } of program.agents) {
    const hasOwn = blocksFor(program, agent).own.some((block) => block.kind === "agent");
    const key = `${agent.roles.join(" ")}|${agent.starts_with.join(" ")}|${hasOwn ? agent.name : ""}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const exit of exitsOf(program, agent)) reportExit(agent, exit, context);
  }
}

interface Exit {
  readonly rule: ResolvedRule;
  readonly action: Action;
  readonly taint: string;
  readonly sensitive: string;
}

/** For each rule that opens an exit the first action and pair of labels. */
function exitsOf(program: Program, agent: Agent): readonly Exit[] {
  const { own, every } = blocksFor(program, agent);
  const pairs = labelPairs(program, agent, own);
  if (pairs.length === 0) return [];
  const grants = own.flatMap((block) => block.rules.filter((rule) => isOpen(rule.tier) && !rule.trial));
  const guards = [...own, ...every].flatMap((block) => block.rules.filter((rule) => !isOpen(rule.tier)));
  return grants.flatMap((rule) => firstExit(rule, guards, pairs) ?? []);
}

function isOpen(tier: ResolvedRule["tier"]): boolean {
  return tier === "allow" || tier === "notify";
}

type Pair = readonly [taint: string, sensitive: string];

function firstExit(rule: ResolvedRule, guards: readonly ResolvedRule[], pairs: readonly Pair[]): Exit | null {
  for (const action of rule.actions.filter(isExternal)) {
    for (const [taint, sensitive] of pairs) {
      const has = (label: string): Truth => (label === taint || label === sensitive ? "true" : "false");
      if (assumeLabels(rule.when, has) === "false") continue;
      const guarded = guards.some((guard) => assumeLabels(guard.when, has) === "true" && surelyAbout(guard, action));
      if (!guarded) return { rule, action, taint, sensitive };
    }
  }
  return null;
}

function isExternal(action: Action): boolean {
  return action.classes.some((entry) => entry.name === "external");
}

/** Labels of the two kinds that a session of the agent can come to carry. */
function labelPairs(program: Program, agent: Agent, own: readonly ResolvedBlock[]): readonly Pair[] {
  const granted = own.flatMap((block) => block.rules.filter((rule) => rule.tier !== "never" && !rule.trial));
  const reached = new Set<string>(agent.starts_with);
  for (const action of new Set(granted.flatMap((rule) => [...rule.actions]))) {
    for (const { label } of action.yields) reached.add(label);
  }
  const ofKind = (kind: string): readonly string[] =>
    program.labels
      .map(({ row }) => row)
      .filter((label) => label.kind === kind && reached.has(label.name))
      .map(({ name }) => name);
  return ofKind("taint").flatMap((taint) => ofKind("sensitive").map((sensitive) => [taint, sensitive] as const));
}

function reportExit(agent: Agent, { rule, action, taint, sensitive }: Exit, context: CheckContext): void {
  const fate = rule.tier === "notify" ? "notify" : "allow";
  const where = withLabels([taint, sensitive]);
  context.report.warning("AP4013", {
    span: namingSelector(rule, action),
    message: `\`${action.name}\` can carry data out of a session that has \`${taint}\` and \`${sensitive}\``,
    label: `nobody is asked in a session of \`${agent.name}\``,
    help: `add to \`every agent\`: \`never external when session has ${taint} and session has ${sensitive}\``,
    witness: witness(context, { agent: agent.name, action: action.name, where, fate }),
  });
}
