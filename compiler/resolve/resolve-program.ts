/** Third and fourth stage: binds every name, types every condition. What is wrong is left out, with its message. */
import type { AgentDeclaration, EveryAgentDeclaration, LimitNode, RoleDeclaration, RuleNode } from "../../dsl/index.ts";
import type { Agent } from "../../engine/index.ts";
import { BUILT_IN_CLASSES } from "../collect/names.ts";
import type { Placed, Program, ResolvedBlock } from "../program.ts";
import { indexActions } from "./actions.ts";
import type { Resolver } from "./context.ts";
import { refuseSharedIdentities, resolveAgent } from "./resolve-agent.ts";
import { resolveAction } from "./resolve-action.ts";
import { resolveApproval } from "./resolve-approval.ts";
import { checkDefine } from "./resolve-defines.ts";
import { resolveLimit } from "./resolve-limit.ts";
import { resolveRule, type RulePlace } from "./resolve-rule.ts";
import { resolveSettings } from "./resolve-settings.ts";
import { resolveTest } from "./resolve-test.ts";
import { resolveChannel, resolveGroup, resolveLabel, resolveSchedule, resolveSet } from "./resolve-vocabulary.ts";
import { selectionsOf, type Selections } from "./selection.ts";

export function resolveProgram(resolver: Resolver): Program {
  const { names, report } = resolver;
  const { by } = names;
  for (const define of by.define.values()) checkDefine(resolver, define);
  const vocabulary = {
    labels: present([...by.label.values()].map((node) => resolveLabel(node, report))),
    sets: present([...by.set.values()].map((node) => resolveSet(node, report))),
    schedules: present([...by.schedule.values()].map((node) => resolveSchedule(node, report))),
    groups: [...by.group.values()].map((node) => resolveGroup(node, report)),
    channels: [...by.channel.values()].map((node) => resolveChannel(node)),
    approvals: [...by.approval.values()].map((node) => resolveApproval(resolver, node)),
  };
  const placed = [...by.action.values()].map((node) => resolveAction(resolver, node));
  const actions = indexActions(placed.map((action) => action.row));
  const selections = selectionsOf(actions);
  return {
    name: names.policy?.name.value ?? "",
    settings: resolveSettings(resolver, names.policy),
    ...vocabulary,
    classes: [...BUILT_IN_CLASSES, ...by.class.keys()].toSorted(),
    actions: placed,
    blocks: resolveBlocks(resolver, selections),
    agents: resolveAgents(resolver),
    tests: present(names.tests.map((node) => resolveTest(resolver, actions, node))),
  };
}

function present<Item>(items: readonly (Item | null)[]): readonly Item[] {
  return items.filter((item) => item !== null);
}

function resolveBlocks(resolver: Resolver, selections: Selections): readonly ResolvedBlock[] {
  const { names } = resolver;
  const place = { resolver, selections };
  const [first] = names.everyAgent;
  const every = first ? [everyBlock(first, names.everyAgent, { ...place, everyAgent: true })] : [];
  const others = [...names.by.role.values(), ...names.by.agent.values()].map((node) =>
    ownBlock(node, { ...place, everyAgent: false }),
  );
  return [...every, ...present(others)];
}

function everyBlock(
  first: EveryAgentDeclaration,
  all: readonly EveryAgentDeclaration[],
  place: RulePlace,
): ResolvedBlock {
  const items = all.flatMap((node) => [...node.items]);
  return { kind: "every", name: "", span: first.span, ...resolveItems(items, place) };
}

/** A role has a block even when it is empty; an agent only where it has rules of its own. */
function ownBlock(node: RoleDeclaration | AgentDeclaration, place: RulePlace): ResolvedBlock | null {
  const items = (node.items as readonly { readonly kind: string }[]).filter(
    (item): item is RuleNode | LimitNode => item.kind === "Rule" || item.kind === "Limit",
  );
  if (node.kind === "Agent" && items.length === 0) return null;
  const kind = node.kind === "Agent" ? "agent" : "role";
  return { kind, name: node.name.value, span: node.name.span, ...resolveItems(items, place) };
}

function resolveItems(
  items: readonly (RuleNode | LimitNode)[],
  place: RulePlace,
): Pick<ResolvedBlock, "rules" | "limits"> {
  return {
    rules: present(items.filter((item) => item.kind === "Rule").map((node) => resolveRule(node, place))),
    limits: present(items.filter((item) => item.kind === "Limit").map((node) => resolveLimit(node, place))),
  };
}

function resolveAgents(resolver: Resolver): readonly Placed<Agent>[] {
  const nodes = [...resolver.names.by.agent.values()];
  refuseSharedIdentities(nodes, resolver.report);
  return present(nodes.map((node) => resolveAgent(resolver, node)));
}
