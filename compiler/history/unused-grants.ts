/** Finds the grants of each agent that its records made no use of. A role that wasn't used at all is one grant. */
import type { Agent, Block, Policy, Rule } from "../../engine/index.ts";
import { placeOf } from "../place-of.ts";
import type { UnusedGrant, UnusedOfAgent } from "./unused-report.ts";
import { grantingBlocks, isGrant, type UsedGrants } from "./used-grants.ts";

/** What keeps the patch from taking a grant away is told here as far as the table alone tells it. */
export function unusedGrants(policy: Policy, used: UsedGrants): readonly UnusedOfAgent[] {
  return policy.table.body.agents.map((agent) => ({
    agent: agent.name,
    records: used.records.get(agent.name) ?? 0,
    unused: [
      ...grantingBlocks(policy, agent.name).flatMap((block) => unusedOf(policy, agent, block, used)),
      ...agent.may_call.flatMap((call) => uncalled(agent, call.agent, used)),
      ...agent.may_become.flatMap(({ role }) => ungained(agent, role, used)),
    ],
  }));
}

function unusedOf(policy: Policy, agent: Agent, block: Block, used: UsedGrants): readonly UnusedGrant[] {
  const own = used.rules.get(agent.name);
  const grants = block.rules.filter(isGrant);
  const idle = grants.filter(({ id }) => own?.has(id) !== true);
  const hasRole = block.kind === "role" && agent.roles.includes(block.name);
  if (hasRole && idle.length === grants.length) return [unusedRole(block)];
  // A role that can only be gained is told as such.
  if (block.kind === "role" && !hasRole && idle.length === grants.length) return [];
  return idle.map((rule) => unusedRule(policy, block, rule, used));
}

function unusedRole(block: Block): UnusedGrant {
  const restricts = block.limits.length > 0 || block.rules.some(({ tier }) => tier !== "allow");
  const kept = restricts ? "what the role restricts would go with it" : null;
  return { kind: "role", text: block.name, role: null, place: null, kept };
}

function unusedRule({ table }: Policy, block: Block, rule: Rule, used: UsedGrants): UnusedGrant {
  const role = block.kind === "role" ? block.name : null;
  return { kind: "rule", text: rule.text, role, place: placeOf(table, rule.id), kept: keptFor(rule, used) };
}

function keptFor({ id, tier }: Rule, used: UsedGrants): string | null {
  if ([...used.rules.values()].some((rules) => rules.has(id))) return "another agent uses it";
  return tier === "allow" ? null : "it restricts too, where something else grants the same";
}

function uncalled({ name }: Agent, other: string, used: UsedGrants): readonly UnusedGrant[] {
  if (used.called.get(name)?.has(other) === true) return [];
  return [{ kind: "may call", text: other, role: null, place: null, kept: null }];
}

function ungained({ name }: Agent, role: string, used: UsedGrants): readonly UnusedGrant[] {
  if (used.gained.get(name)?.has(role) === true) return [];
  return [{ kind: "may become", text: role, role: null, place: null, kept: null }];
}
