/** `clears L`: only where every way to the action asks a person. */
import type { ActionDeclaration, Name } from "../../dsl/index.ts";
import type { Action, Agent } from "../../engine/index.ts";
import type { Placed, ResolvedBlock, ResolvedRule } from "../program.ts";
import { spell } from "../report.ts";
import type { Actions } from "./actions.ts";
import type { Resolver } from "./context.ts";
import { surelySelects } from "./selection.ts";

interface Clearing {
  readonly actions: Actions;
  readonly blocks: readonly ResolvedBlock[];
  readonly agents: readonly Placed<Agent>[];
}

export function checkClears(resolver: Resolver, { actions, blocks, agents }: Clearing): void {
  for (const action of actions.all) {
    const node = resolver.names.by.action.get(action.name);
    const [label] = node?.clears ?? [];
    if (!node || !label) continue;
    refuseBoth(resolver, node);
    const way = wayPast(action, blocks, agents);
    if (way !== null) refuseWay(resolver, action, label, way);
  }
}

interface Way {
  readonly rule: ResolvedRule;
  readonly block: ResolvedBlock;
  readonly agent: string;
}

/** A rule by which some agent may come to the action without asking; null where there is none. */
function wayPast(action: Action, blocks: readonly ResolvedBlock[], agents: readonly Placed<Agent>[]): Way | null {
  const asking = new Set(blocks.filter((block) => block.rules.some((rule) => surelyAsks(rule, action))).map(keyOf));
  if (asking.has("every ")) return null;
  const opening = new Map<string, Omit<Way, "agent">>();
  for (const block of blocks) {
    const rule = block.rules.find((candidate) => opens(candidate, action));
    if (rule) opening.set(keyOf(block), { rule, block });
  }
  for (const { row: agent } of agents) {
    const own = [`agent ${agent.name}`, ...agent.roles.map((role) => `role ${role}`)];
    if (own.some((key) => asking.has(key))) continue;
    // A role that is only lent brings its own `ask` with it, and no other role's.
    const lent = agent.may_become.map(({ role }) => `role ${role}`).filter((key) => !asking.has(key));
    const way = [...own, ...lent].map((key) => opening.get(key)).find((found) => found !== undefined);
    if (way) return { ...way, agent: agent.name };
  }
  return null;
}

function keyOf({ kind, name }: ResolvedBlock): string {
  return `${kind} ${name}`;
}

function opens(rule: ResolvedRule, action: Action): boolean {
  return (rule.tier === "allow" || rule.tier === "notify") && !rule.trial && rule.actions.includes(action);
}

/** Whatever the request says. */
function surelyAsks({ tier, trial, when, scope }: ResolvedRule, action: Action): boolean {
  if (tier !== "ask" || trial || when !== null || scope.on !== null || scope.except.length > 0) return false;
  return scope.select.some((selector) => surelySelects(selector, action));
}

function refuseWay({ report }: Resolver, action: Action, label: Name, { rule, block, agent }: Way): void {
  report.error("AP3107", {
    span: label.span,
    message: `\`${agent}\` could clear \`${label.value}\` without asking anybody`,
    label: "only a person may say that it is gone",
    related: [
      { span: rule.node.tierSpan, label: block.kind === "role" ? `role \`${block.name}\` lets it` : "lets it here" },
    ],
    help: `add \`ask ${spell(action.name)} via APPROVAL\` beside that rule or to \`every agent\``,
  });
}

/** Which of the two came last would decide whether the session has the label. */
function refuseBoth({ report }: Resolver, node: ActionDeclaration): void {
  for (const label of node.clears) {
    const yielded = node.yields.find((clause) => clause.label.value === label.value);
    if (!yielded) continue;
    report.error("AP3108", {
      span: label.span,
      message: `\`${node.name.value}\` yields and clears \`${label.value}\``,
      label: "cleared here",
      related: [{ span: yielded.label.span, label: "yielded here" }],
      help: "keep one of them, or declare two actions",
    });
  }
}
