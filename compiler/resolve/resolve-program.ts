/** Third and fourth stage: binds every name, types every condition. What is wrong is left out, with its message. */
import type {
  AgentDeclaration,
  EveryAgentDeclaration,
  GatewayDeclaration,
  LimitNode,
  RoleDeclaration,
  RuleNode,
} from "../../dsl/index.ts";
import { BUILT_IN_CLASSES } from "../collect/names.ts";
import { checkClears } from "./check-clears.ts";
import { checkReuse } from "./check-reuse.ts";
import type { Program, ResolvedBlock } from "../program.ts";
import { indexActions } from "./actions.ts";
import type { Resolver } from "./context.ts";
import { checkLikeness, modelsOf } from "./likeness.ts";
import { type PlacedIdentity, readIdentities } from "./read-identity.ts";
import { type IdentityOwner, refuseSharedIdentities } from "./refuse-shared-identities.ts";
import { resolveAgent } from "./resolve-agent.ts";
import { resolveAction } from "./resolve-action.ts";
import { resolveApproval } from "./resolve-approval.ts";
import { resolveBreaker } from "./resolve-breaker.ts";
import { resolveCanaries } from "./resolve-canary.ts";
import { checkDefine } from "./resolve-defines.ts";
import { resolveGateway } from "./resolve-gateway.ts";
import { resolveLimit } from "./resolve-limit.ts";
import { resolveLiveSet } from "./resolve-live-set.ts";
import { resolveProof } from "./resolve-proof.ts";
import { resolveRule, type RulePlace } from "./resolve-rule.ts";
import { type OtherFiles, readServers, serverRows } from "./resolve-server.ts";
import { resolveSettings } from "./resolve-settings.ts";
import { resolveTest } from "./resolve-test.ts";
import { resolveChannel, resolveGroup, resolveLabel, resolveSchedule, resolveSet } from "./resolve-vocabulary.ts";
import { selectionsOf, type Selections } from "./selection.ts";

export function resolveProgram(resolver: Resolver, files: OtherFiles): Program {
  const { names, report } = resolver;
  for (const define of names.by.define.values()) checkDefine(resolver, define);
  checkLikeness(resolver);
  const vocabulary = resolveVocabulary(resolver);
  const servers = readServers(resolver, files);
  const placed = [...names.by.action.values()].map((node) => resolveAction(resolver, node, servers));
  const actions = indexActions(placed.map((action) => action.row));
  const selections = selectionsOf(actions);
  const blocks = resolveBlocks(resolver, selections);
  const identified = resolveIdentified(resolver, selections);
  checkReuse(resolver, blocks);
  checkClears(resolver, { actions, blocks, agents: identified.agents });
  return {
    name: names.policy?.name.value ?? "",
    settings: resolveSettings(resolver, names.policy),
    ...vocabulary,
    classes: [...BUILT_IN_CLASSES, ...names.by.class.keys()].toSorted(),
    servers: serverRows(servers),
    actions: placed,
    blocks,
    ...identified,
    canaries: resolveCanaries(names.canaries, report),
    breakers: present(names.breakers.map((node) => resolveBreaker(resolver, node))),
    proofs: present(names.proofs.map((node) => resolveProof(node, { resolver, selections }))),
    tests: present(names.tests.map((node) => resolveTest(resolver, actions, node))),
  };
}

type Vocabulary = Pick<Program, "labels" | "sets" | "liveSets" | "schedules" | "groups" | "channels" | "approvals">;

function resolveVocabulary(resolver: Resolver): Vocabulary {
  const { report, names } = resolver;
  const { by } = names;
  return {
    labels: present([...by.label.values()].map((node) => resolveLabel(node, report))),
    sets: present([...by.set.values()].map((node) => resolveSet(node, report))),
    liveSets: [...by["live set"].values()].map((node) => resolveLiveSet(resolver, node)),
    schedules: present([...by.schedule.values()].map((node) => resolveSchedule(node, report))),
    groups: [...by.group.values()].map((node) => resolveGroup(node, report)),
    channels: [...by.channel.values()].map((node) => resolveChannel(node, report)),
    approvals: [...by.approval.values()].map((node) => resolveApproval(resolver, node)),
  };
}

function present<Item>(items: readonly (Item | null)[]): readonly Item[] {
  // What `filter` makes keeps room to grow, which in every role of a large policy comes to more than its rules.
  return items.every((item) => item !== null) ? items : items.filter((item) => item !== null);
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

/** A role has a block even when it is empty; an agent only where it, or one that it is like, has rules of its own. */
function ownBlock(node: RoleDeclaration | AgentDeclaration, place: RulePlace): ResolvedBlock | null {
  const models = node.kind === "Agent" ? modelsOf(place.resolver.names, node) : [];
  const items = [node, ...models].flatMap(ruleItems);
  if (node.kind === "Agent" && items.length === 0) return null;
  const kind = node.kind === "Agent" ? "agent" : "role";
  return { kind, name: node.name.value, span: node.name.span, ...resolveItems(items, place) };
}

function ruleItems(node: RoleDeclaration | AgentDeclaration): readonly (RuleNode | LimitNode)[] {
  return (node.items as readonly { readonly kind: string }[]).filter(
    (item): item is RuleNode | LimitNode => item.kind === "Rule" || item.kind === "Limit",
  );
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

/** Agents and gateways: all that prove who they are, each in a way of its own. */
function resolveIdentified(resolver: Resolver, selections: Selections): Pick<Program, "agents" | "gateways"> {
  const { names, report } = resolver;
  const agents = [...names.by.agent.values()].map((node) => ({
    node,
    identities: readIdentities(
      resolver,
      node.items.filter((item) => item.kind === "Identity"),
    ),
  }));
  const gateways = names.gateways.map((node) => ({ node, identities: readIdentities(resolver, node.identities) }));
  refuseSharedIdentities([...agents.map(ownerOf), ...gateways.map(ownerOf)], report);
  return {
    agents: present(
      agents.map(({ node, identities }) => resolveAgent(node, { context: resolver, selections, identities })),
    ),
    gateways: present(gateways.map(({ node, identities }) => resolveGateway(resolver, node, identities))),
  };
}

interface Identified {
  readonly node: AgentDeclaration | GatewayDeclaration;
  readonly identities: readonly PlacedIdentity[];
}

function ownerOf({ node, identities }: Identified): IdentityOwner {
  return { what: node.kind === "Agent" ? "agent" : "gateway", name: node.name.value, identities };
}
