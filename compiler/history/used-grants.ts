/** Which grants of a policy recorded requests made use of. In doubt a grant was used. */
import { type Block, maySelect, type Policy, type Request, type Rule, ruleRest } from "../../engine/index.ts";
import { textOf } from "./fields.ts";
import type { Entry, ReadLogs } from "./read-log.ts";
import { type RecordedDecision, recordedDecision } from "./recorded-decision.ts";
import { argumentsAgain, type Asking, requestAgain } from "./request-again.ts";
import { type Start, startOf } from "./session-history.ts";

export interface UsedGrants {
  /** How many records of each agent were looked at. */
  readonly records: ReadonlyMap<string, number>;
  /** Ids of rules by agent, among them those of its roles. */
  readonly rules: ReadonlyMap<string, ReadonlySet<string>>;
  /** Agents that an agent had do something, and roles that it gained. */
  readonly called: ReadonlyMap<string, ReadonlySet<string>>;
  readonly gained: ReadonlyMap<string, ReadonlySet<string>>;
}

/** @param since UTC milliseconds; what was recorded before isn't looked at */
export function usedGrants(policy: Policy, { logs }: ReadLogs, since: number): UsedGrants {
  const records = new Map<string, number>();
  const [rules, called, gained] = [new Map(), new Map(), new Map()] as readonly Map<string, Set<string>>[];
  const note = (into: Map<string, Set<string>> | undefined, agent: string, name: string): void => {
    if (into !== undefined) into.set(agent, (into.get(agent) ?? new Set()).add(name));
  };
  for (const log of logs) {
    const start = startOf(log);
    for (const entry of log.entries) {
      if (entry.at < since) continue;
      records.set(entry.agent, (records.get(entry.agent) ?? 0) + 1);
      for (const [above, below] of pairsOf(entry.chain)) note(called, above, below);
      const decision = recordedDecision(entry);
      for (const role of [...(decision?.facts?.roles ?? []), textOf(entry.record, "role") ?? ""])
        if (role !== "") note(gained, entry.agent, role);
      if (decision === null || decision.outcome === "deny") continue;
      for (const agent of entry.chain)
        for (const id of grantingRules(policy, start, decision, agent)) note(rules, agent, id);
    }
  }
  return { records, rules: rules ?? new Map(), called: called ?? new Map(), gained: gained ?? new Map() };
}

function pairsOf(chain: readonly string[]): readonly (readonly [string, string])[] {
  return chain.slice(1).map((below, at) => [chain[at] ?? "", below]);
}

/** Blocks whose rules grant something to the agent: its own, those of its roles, and of roles that it may gain. */
export function grantingBlocks({ table, agents }: Policy, name: string): readonly Block[] {
  const agent = agents.get(name)?.agent;
  if (agent === undefined) return [];
  const roles = [...agent.roles, ...agent.may_become.map(({ role }) => role)];
  return table.body.blocks.filter(
    (block) => (block.kind === "agent" && block.name === name) || (block.kind === "role" && roles.includes(block.name)),
  );
}

export function isGrant({ tier, trial }: Rule): boolean {
  return tier !== "never" && !trial;
}

function grantingRules(
  policy: Policy,
  start: Start | null,
  decision: RecordedDecision,
  agent: string,
): readonly string[] {
  const action = policy.table.body.actions.find(({ name }) => name === decision.action);
  if (action === undefined) return [];
  const request = requestOf(policy, start, decision, agent);
  const candidates = grantingBlocks(policy, agent).flatMap(({ rules }) => rules.filter(isGrant));
  return candidates
    .filter((rule) => maySelect(rule, action))
    .filter((rule) => request === null || ruleRest(policy, decision.action, rule, request)?.grants !== false)
    .map(({ id }) => id);
}

/** Null where it isn't known any more what was asked. */
function requestOf(policy: Policy, start: Start | null, decision: RecordedDecision, agent: string): Request | null {
  const beside = argumentsAgain(decision);
  if (!beside.known || start === null) return null;
  const { facts, confidence, action } = decision;
  const entry: Entry = { ...decision.entry, agent };
  const at = facts?.at ?? entry.at;
  const asking: Asking = { policy, entry, start, action, args: beside.args, facts, confidence, at, samePolicy: true };
  return requestAgain(asking, () => true);
}
