/** Everything beside the decisions on requests that makes a policy looser or stricter. */
import type { Agent } from "../../../engine/index.ts";
import { actionChanges } from "./action-changes.ts";
import { agentChanges } from "./agent-changes.ts";
import { approvalChanges, type Tables } from "./approval-order.ts";
import { limitChanges } from "./limit-changes.ts";
import { listed } from "./listed.ts";
import { namedChanges } from "./named-changes.ts";
import { ownerChanges } from "./owner-changes.ts";
import type { SettingChange } from "./policy-diff.ts";
import { policySettings } from "./policy-settings.ts";

/** What loosens first. Agents are compared where both policies have them. `from` as in `DiffOptions`. */
export function settingChanges(tables: Tables, from: number | undefined): readonly SettingChange[] {
  const all = [
    ...policySettings(tables),
    ...approvals(tables),
    ...agents(tables, from),
    ...actions(tables),
    ...namedChanges(tables),
  ];
  return all.toSorted((a, b) => Number(a.direction === "stricter") - Number(b.direction === "stricter"));
}

function approvals(tables: Tables): readonly SettingChange[] {
  const { before, after } = tables;
  return after.body.approvals.flatMap((now) => {
    const old = before.body.approvals.find(({ name }) => name === now.name);
    const changes = old === undefined ? [] : approvalChanges(old, now, tables);
    return changes.map((one) => ({ ...one, what: `approval \`${now.name}\``, agents: [], actions: [] }));
  });
}

/** Alike changes of many agents are one line. */
function agents(tables: Tables, from: number | undefined): readonly SettingChange[] {
  const lines = new Map<string, { readonly change: SettingChange; readonly agents: string[] }>();
  const old = new Map(tables.before.body.agents.map((agent) => [agent.name, agent]));
  for (const now of tables.after.body.agents) {
    const before = old.get(now.name);
    old.delete(now.name);
    for (const found of before === undefined ? [NEW] : changesOf(before, now, tables, from)) {
      const change = { ...found, agents: [] };
      const key = JSON.stringify(change);
      const line = lines.get(key) ?? { change, agents: [] };
      line.agents.push(now.name);
      lines.set(key, line);
    }
  }
  const gone = [...old.keys()].map(
    (name): SettingChange => ({
      direction: "stricter",
      what: `agent \`${name}\``,
      change: "is gone",
      agents: [name],
      actions: [],
    }),
  );
  return [...[...lines.values()].map(agentLine), ...gone];
}

type AgentLine = Omit<SettingChange, "agents">;

const NEW: AgentLine = { direction: "looser", what: "", change: "is new", actions: [] };

function changesOf(before: Agent, now: Agent, tables: Tables, from: number | undefined): readonly AgentLine[] {
  const own = [...agentChanges(before, now, tables), ...ownerChanges(before, now, tables)];
  return [...limitChanges(before, now, tables, from), ...own.map((one) => ({ ...one, what: "", actions: [] }))];
}

function agentLine({
  change,
  agents: names,
}: {
  readonly change: SettingChange;
  readonly agents: readonly string[];
}): SettingChange {
  const [first = ""] = names;
  const who = names.length === 1 ? `agent \`${first}\`` : `agents ${listed(names.map((name) => `\`${name}\``))}`;
  return { ...change, agents: names, what: change.what === "" ? who : `${who}: ${change.what}` };
}

function actions(tables: Tables): readonly SettingChange[] {
  const { before, after } = tables;
  return after.body.actions.flatMap((now) => {
    const old = before.body.actions.find(({ name }) => name === now.name);
    const changes = old === undefined ? [] : actionChanges(old, now, tables);
    return changes.map((one) => ({ ...one, what: `action \`${now.name}\``, agents: [], actions: [] }));
  });
}
