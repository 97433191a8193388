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
  const clearing = new Set(actions.all.filter((action) => action.clears.length > 0));
  if (clearing.size === 0) return;
  const ways = waysTo(clearing, blocks);
  for (const action of clearing) {
    const node = resolver.names.by.action.get(action.name);
    const [label] = node?.clears ?? [];
    if (!node || !label) continue;
    refuseBoth(resolver, node);
    const way = wayPast(ways.get(action), agents);
    if (way !== null) refuseWay(resolver, action, label, way);
  }
}

interface Opened {
  readonly rule: ResolvedRule;
  readonly block: ResolvedBlock;
}

interface Way extends Opened {
  readonly agent: string;
}

/** The blocks by which an action is reached: those that may let it, by one of their rules, and those that surely ask. */
interface Ways {
  readonly opening: Map<string, Opened>;
  readonly asking: Set<string>;
}

function waysTo(clearing: ReadonlySet<Action>, blocks: readonly ResolvedBlock[]): ReadonlyMap<Action, Ways> {
  const ways = new Map(
    [...clearing].map((action) => [action, { opening: new Map<string, Opened>(), asking: new Set<string>() }]),
  );
  for (const block of blocks) {
    for (const rule of block.rules.filter(({ trial }) => !trial)) {
      for (const action of rule.actions) {
        const way = ways.get(action);
        if (!way) continue;
        if (rule.tier === "allow" || rule.tier === "notify") way.opening.set(keyOf(block), { rule, block });
        else if (surelyAsks(rule, action)) way.asking.add(keyOf(block));
      }
    }
  }
  return ways;
}

/** A rule by which some agent may come to the action without asking; null where there is none. */
function wayPast(ways: Ways | undefined, agents: readonly Placed<Agent>[]): Way | null {
  if (!ways || ways.asking.has("every ") || ways.opening.size === 0) return null;
  const { opening, asking } = ways;
  for (const { row: agent } of agents) {
    const own = [`agent ${agent.name}`, ...agent.roles.map((role) => `role ${role}`)];
    if (own.some((key) => asking.has(key))) continue;
    // A role that is gained brings its own `ask` with it, and no other role's.
    const gained = agent.may_become.map(({ role }) => `role ${role}`).filter((key) => !asking.has(key));
    const way = [...own, ...gained].map((key) => opening.get(key)).find((found) => found !== undefined);
    if (way) return { ...way, agent: agent.name };
  }
  return null;
}

function keyOf({ kind, name }: ResolvedBlock): string {
  return `${kind} ${name}`;
}

/** Whatever the request says. */
function surelyAsks({ tier, when, scope }: ResolvedRule, action: Action): boolean {
  if (tier !== "ask" || when !== null || scope.on !== null || scope.except.length > 0) return false;
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
