/**
 * AP4013: in a session that has read what a stranger wrote and what is confidential, something can leave without a
 * person being asked. That is how injected text carries data out.
 */
import type { Action, Agent, Condition } from "../../engine/index.ts";
import type { Program, ResolvedBlock, ResolvedRule } from "../program.ts";
import { assumeLabels, type Truth } from "./assume.ts";
import { blocksFor, type CheckContext } from "./check.ts";
import { namingSelector } from "./naming-selector.ts";
import { surelyAbout } from "./restricts.ts";
import { type SessionTree, sessionTrees } from "./session-trees.ts";
import { canCome, withLabels } from "./witness.ts";

export function checkOpenExit(context: CheckContext): void {
  const { program } = context;
  if (!["taint", "sensitive"].every((kind) => program.labels.some(({ row }) => row.kind === kind))) return;
  const called = new Set(program.agents.flatMap(({ row }) => row.may_call.map(({ agent }) => agent)));
  const seen = new Set<string>();
  for (const { row: agent } of program.agents) {
    const hasOwn = blocksFor(program, agent).own.some((block) => block.kind === "agent");
    const { roles, starts_with, may_call, may_become } = agent;
    const apart = hasOwn || called.has(agent.name) ? agent.name : "";
    const key = JSON.stringify([roles, starts_with, may_call, may_become, apart]);
    if (seen.has(key)) continue;
    seen.add(key);
    for (const exit of exitsOf(context, agent)) reportExit(agent, exit, context);
  }
}

interface Exit {
  readonly rule: ResolvedRule;
  readonly action: Action;
  readonly taint: string;
  readonly sensitive: string;
  readonly callers: readonly Agent[];
  readonly witness: string | null;
}

/** For each rule that opens an exit the first tree, action and pair of labels. */
function exitsOf(context: CheckContext, agent: Agent): readonly Exit[] {
  const { program } = context;
  const { own, every, gained } = blocksFor(program, agent);
  const trees = sessionTrees(program, agent).filter(({ labels }) => labelPairs(program, labels).length > 0);
  if (trees.length === 0) return [];
  return [...own, ...gained].flatMap((block) => {
    const guards = guardsOf([...own, ...every, ...(own.includes(block) ? [] : [block])]);
    return block.rules
      .filter((rule) => isOpen(rule.tier) && !rule.trial)
      .flatMap((rule) => firstExit(rule, { context, agent, guards, trees }) ?? []);
  });
}

function guardsOf(blocks: readonly ResolvedBlock[]): readonly ResolvedRule[] {
  return blocks.flatMap((block) => block.rules.filter((rule) => !isOpen(rule.tier)));
}

function isOpen(tier: ResolvedRule["tier"]): boolean {
  return tier === "allow" || tier === "notify";
}

interface Place {
  readonly context: CheckContext;
  readonly agent: Agent;
  readonly guards: readonly ResolvedRule[];
  readonly trees: readonly SessionTree[];
}

function firstExit(rule: ResolvedRule, place: Place): Exit | null {
  for (const tree of place.trees) {
    for (const action of rule.actions.filter((one) => isExternal(one) && tree.admits(one))) {
      const exit = exitIn(tree, rule, action, place);
      if (exit !== null) return exit;
    }
  }
  return null;
}

/** What is plainly guarded or can't hold needs no search; what is left is decided by the engine where that can be told. */
function exitIn(tree: SessionTree, rule: ResolvedRule, action: Action, place: Place): Exit | null {
  const { context, agent } = place;
  const { program } = context;
  const callers = tree.callers.flatMap((caller) => {
    const { own, every } = blocksFor(program, caller);
    return guardsOf([...own, ...every]);
  });
  for (const [taint, sensitive] of labelPairs(program, tree.labels)) {
    const has = (label: string): Truth => (label === taint || label === sensitive ? "true" : "false");
    if (assumeLabels(rule.when, has) === "false") continue;
    const isGuard = (guard: ResolvedRule): boolean =>
      assumeLabels(guard.when, has) === "true" && (surelyAbout(guard, action) || isOnLeaving(guard));
    if (place.guards.some(isGuard) || callers.some(isGuard)) continue;
    const where: Condition = { op: "and", of: [withLabels([taint, sensitive]), leaving(action)] };
    const { verdict, witness } = canCome(context, { agent: agent.name, action: action.name, where }, [
      "allow",
      "notify",
    ]);
    if (verdict !== "no") return { rule, action, taint, sensitive, callers: tree.callers, witness };
  }
  return null;
}

/** About whatever leaves: an action that is external for some arguments only is leaving just then. */
function isOnLeaving({ trial, scope }: ResolvedRule): boolean {
  const named = scope.select.some((selector) => selector.kind === "class" && selector.name === "external");
  return named && !trial && scope.on === null && scope.except.length === 0;
}

function isExternal(action: Action): boolean {
  return action.classes.some((entry) => entry.name === "external");
}

/** An action may be external for some arguments only. */
function leaving(action: Action): Condition {
  const external = action.classes.filter(({ name }) => name === "external");
  return { op: "or", of: external.map(({ when }) => when ?? { op: "constant", value: true }) };
}

function labelPairs(program: Program, labels: ReadonlySet<string>): readonly (readonly [string, string])[] {
  const ofKind = (kind: string): readonly string[] =>
    program.labels
      .map(({ row }) => row)
      .filter((label) => label.kind === kind && labels.has(label.name))
      .map(({ name }) => name);
  return ofKind("taint").flatMap((taint) => ofKind("sensitive").map((sensitive) => [taint, sensitive] as const));
}

function reportExit(agent: Agent, exit: Exit, context: CheckContext): void {
  const { rule, action, taint, sensitive, witness } = exit;
  const [caller] = exit.callers;
  const below = caller === undefined ? "" : ` below \`${caller.name}\``;
  context.report.warning("AP4013", {
    span: namingSelector(rule, action),
    message: `\`${action.name}\` can carry data out of a session that has \`${taint}\` and \`${sensitive}\``,
    label: `nobody is asked in a session of \`${agent.name}\`${below}`,
    help: `add to \`every agent\`: \`never external when session has ${taint} and session has ${sensitive}\``,
    witness,
  });
}
