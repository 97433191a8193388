/** Looks names up in the tree: slow, by walking all declarations each time. */
import type {
  ActionDeclaration,
  AgentDeclaration,
  CanaryDeclaration,
  Declaration,
  DefineDeclaration,
  GroupDeclaration,
  LimitNode,
  LiveSetDeclaration,
  RuleNode,
  ScheduleDeclaration,
  SetDeclaration,
} from "../../dsl/ast.ts";
import type { Policy } from "./model.ts";

const BUILT_IN_CLASSES = ["read", "write", "delete", "external", "irreversible", "admin", "spend", "execute"];

function all<K extends Declaration["kind"]>(policy: Policy, kind: K): Extract<Declaration, { readonly kind: K }>[] {
  const declarations = policy.flatMap((file) => file.declarations);
  return declarations.filter((one): one is Extract<Declaration, { readonly kind: K }> => one.kind === kind);
}

export function actionNamed(policy: Policy, name: string): ActionDeclaration | undefined {
  return all(policy, "Action").find((action) => action.name.value === name);
}

export function agentNamed(policy: Policy, name: string): AgentDeclaration | undefined {
  return all(policy, "Agent").find((agent) => agent.name.value === name);
}

export function setNamed(policy: Policy, name: string): SetDeclaration | undefined {
  return all(policy, "Set").find((set) => set.name.value === name);
}

export function liveSetNamed(policy: Policy, name: string): LiveSetDeclaration | undefined {
  return all(policy, "LiveSet").find((set) => set.name.value === name);
}

export function allCanaries(policy: Policy): readonly CanaryDeclaration[] {
  return all(policy, "Canary");
}

export function groupNamed(policy: Policy, name: string): GroupDeclaration | undefined {
  return all(policy, "Group").find((group) => group.name.value === name);
}

export function allGroups(policy: Policy): readonly GroupDeclaration[] {
  return all(policy, "Group");
}

export function scheduleNamed(policy: Policy, name: string): ScheduleDeclaration | undefined {
  return all(policy, "Schedule").find((schedule) => schedule.name.value === name);
}

export function defineNamed(policy: Policy, name: string): DefineDeclaration | undefined {
  return all(policy, "Define").find((define) => define.name.value === name);
}

export function isClass(policy: Policy, name: string): boolean {
  const declared = all(policy, "Class").flatMap((declaration) => declaration.names.map((one) => one.value));
  return BUILT_IN_CLASSES.includes(name) || declared.includes(name);
}

export interface Standing {
  /** False in `every agent`: such rules only restrict. */
  readonly mayGrant: boolean;
  readonly item: RuleNode | LimitNode;
}

export function rolesOf(agent: AgentDeclaration): readonly string[] {
  return agent.items.flatMap((item) => (item.kind === "Roles" ? item.names.map((name) => name.value) : []));
}

/** Roles that the agent may become, and has, for now. */
function gainedRoles(agent: AgentDeclaration, has: ReadonlySet<string>): readonly string[] {
  const may = agent.items.flatMap((item) => (item.kind === "MayBecome" ? [item.role.value] : []));
  return may.filter((role) => has.has(role) && !rolesOf(agent).includes(role));
}

/** Every rule and limit that concerns the agent: of its roles, its own, and those for every agent. */
export function standingFor(policy: Policy, agent: AgentDeclaration, gained: ReadonlySet<string>): readonly Standing[] {
  const itemsOf = (names: readonly string[]): readonly (RuleNode | LimitNode)[] =>
    all(policy, "Role")
      .filter((role) => names.includes(role.name.value))
      .flatMap((role) => distinct(role.items));
  const fromRoles = itemsOf(rolesOf(agent));
  const own = distinct(agent.items.filter((item) => item.kind === "Rule" || item.kind === "Limit"));
  const everywhere = distinct(all(policy, "EveryAgent").flatMap((block) => block.items));
  return [
    ...[...fromRoles, ...own].map((item) => ({ mayGrant: true, item })),
    ...itemsOf(gainedRoles(agent, gained)).map((item) => ({ mayGrant: true, item })),
    ...everywhere.map((item) => ({ mayGrant: false, item })),
  ];
}

/** Rules are a set: what is written twice in a block stands once. */
function distinct(items: readonly (RuleNode | LimitNode)[]): readonly (RuleNode | LimitNode)[] {
  const places = new Set(["span", "tierSpan", "doc"]);
  const text = (item: RuleNode | LimitNode): string =>
    JSON.stringify(item, (name, value: unknown) => (places.has(name) ? undefined : value));
  return [...new Map(items.map((item) => [text(item), item])).values()];
}
