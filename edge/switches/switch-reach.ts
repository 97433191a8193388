/**
 * What a switch stops: everything an agent does (`fleet`, `agent`), all that is done for one person (`requester`), or
 * some requests (`role`, `action`, `class`). A killed role stops granting; what it restricts goes on restricting. Pure.
 */
import { blockTitle, outlivesRoles } from "../../engine/index.ts";
import type { SwitchRef, SwitchScope } from "../rpc.ts";

interface Named {
  readonly scope: SwitchScope;
  readonly name: string;
}

export function stopsAgent({ scope }: Named): boolean {
  return scope === "fleet" || scope === "agent";
}

/** @param requester id of the person for whom the session works; null where there is none */
export function stopsRequester({ scope, name }: Named, requester: string | null): boolean {
  return scope === "requester" && requester !== null && name === requesterName(requester);
}

/** Addresses are in lower case already; a subject might differ from another's in nothing else, and is then stopped too. */
export function requesterName(id: string): string {
  return id.toLowerCase();
}

/** @param classes of the action with these arguments */
export function stopsAction({ scope, name }: Named, action: string, classes: readonly string[]): boolean {
  return scope === "action" ? name === action : scope === "class" && classes.includes(name);
}

/** Such a switch leaves the session as it is and stops some of its requests. */
export function stopsSome({ scope }: Named): boolean {
  return scope === "role" || scope === "action" || scope === "class";
}

/** Names of the roles among them. */
export function rolesAmong(switches: readonly Named[]): readonly string[] {
  return switches.filter(({ scope }) => scope === "role").map(({ name }) => name);
}

/**
 * The roles among them without which nothing grants.
 * @param granted_by blocks that grant, as the engine's `grantedBy` gives them
 */
export function stoppingRoles<T extends Named>(switches: readonly T[], granted_by: readonly string[]): readonly T[] {
  if (outlivesRoles(granted_by, rolesAmong(switches))) return [];
  return switches.filter(({ scope, name }) => scope === "role" && granted_by.includes(roleBlock(name)));
}

/** How rows name the block of a role. */
export function roleBlock(name: string): string {
  return blockTitle({ kind: "role", name });
}

/** Those for which a question to people is not to be answered any more. */
export function stoppingQuestion(
  switches: readonly SwitchRef[],
  question: { readonly action: string; readonly classes: readonly string[]; readonly granted_by: readonly string[] },
): readonly SwitchRef[] {
  const named = switches.filter((each) => stopsAction(each, question.action, question.classes));
  return [...named, ...stoppingRoles(switches, question.granted_by)];
}

/** What is killed and why, for the agent that asks; it may be one above it. */
export function killedMessage(switches: readonly SwitchRef[], agent: string): string {
  const agents = switches.filter(stopsAgent).map(({ scope, name }) => (scope === "fleet" ? agent : name));
  const titles = agents.length > 0 ? agents.map((name) => `agent \`${name}\``) : switches.map(titleOf);
  const what = [...new Set(titles)];
  return `${what.join(" and ")} ${what.length > 1 ? "are" : "is"} killed: ${switches.map(({ reason }) => reason).join("; ")}`;
}

function titleOf({ scope, name }: SwitchRef): string {
  return `${scope} \`${name}\``;
}
