/** Everything beside the decisions on requests that makes a policy looser or stricter. */
import type { Action, Agent, Settings } from "../../../engine/index.ts";
import { durationText } from "../../terminal/duration-text.ts";
import { agentChanges, gainedOrLost } from "./agent-changes.ts";
import { approvalChanges, groups, type Tables } from "./approval-order.ts";
import { limitChanges } from "./limit-changes.ts";
import { ownerChanges } from "./owner-changes.ts";
import { paramChanges } from "./param-changes.ts";
import { comparePeople } from "./people.ts";
import type { Direction, SettingChange } from "./policy-diff.ts";

/** What loosens first. Agents are compared where both policies have them. `from` as in `DiffOptions`. */
export function settingChanges(tables: Tables, from: number | undefined): readonly SettingChange[] {
  const all = [
    ...policySettings(tables),
    ...approvals(tables),
    ...agents(tables, from),
    ...actions(tables),
    ...named("breaker", tables.before.body.breakers, tables.after.body.breakers, "strict"),
    ...named("canary", tables.before.body.canaries, tables.after.body.canaries, "strict"),
    ...named("gateway", tables.before.body.gateways, tables.after.body.gateways, "loose"),
    ...elsewhere(tables),
    ...named("server", tables.before.body.servers, tables.after.body.servers, "loose"),
    ...liveSets(tables),
  ];
  return all.toSorted((a, b) => Number(a.direction === "stricter") - Number(b.direction === "stricter"));
}

function policySettings(tables: Tables): readonly SettingChange[] {
  const [old, now] = [tables.before.body.settings, tables.after.body.settings];
  return [
    ...time("session lifetime", old.session.lifetime, now.session.lifetime, "longer"),
    ...time("session idle", old.session.idle, now.session.idle, "longer"),
    ...time("lease", old.lease, now.lease, "longer"),
    ...time("retain", old.retain, now.retain, "shorter"),
    ...gainedOrLost("an environment", old.environments, now.environments).map(inPolicy),
    ...issuer("people", old.people, now.people),
    ...issuer("requesters", old.requesters, now.requesters),
    ...(old.region === now.region
      ? []
      : [setting("looser", `region ${old.region ?? "none"} → ${now.region ?? "none"}`)]),
    ...(["operators", "auditors", "deployers"] as const).flatMap((role) => officials(role, old, now, tables)),
  ];
}

function setting(direction: Direction, change: string): SettingChange {
  return { direction, what: "policy", change };
}

function inPolicy({ direction, change }: { readonly direction: Direction; readonly change: string }): SettingChange {
  return setting(direction, change);
}

function time(name: string, old: number, now: number, loosens: "longer" | "shorter"): readonly SettingChange[] {
  if (old === now) return [];
  const looser = now > old === (loosens === "longer");
  return [setting(looser ? "looser" : "stricter", `${name} ${durationText(old)} → ${durationText(now)}`)];
}

/** Another issuer signs for other people: whoever it is, they weren't trusted before. */
function issuer(name: string, old: Settings["people"], now: Settings["people"]): readonly SettingChange[] {
  if (JSON.stringify(old) === JSON.stringify(now)) return [];
  return [
    setting(now === null ? "stricter" : "looser", `${name} ${now === null ? "removed" : "signed by another issuer"}`),
  ];
}

function officials(
  role: "operators" | "auditors" | "deployers",
  old: Settings,
  now: Settings,
  tables: Tables,
): readonly SettingChange[] {
  const order = comparePeople(groups(old[role], tables.before), groups(now[role], tables.after));
  return order.map((direction) =>
    setting(direction, `${direction === "looser" ? "more" : "fewer"} people are ${role}`),
  );
}

function approvals(tables: Tables): readonly SettingChange[] {
  const { before, after } = tables;
  return after.body.approvals.flatMap((now) => {
    const old = before.body.approvals.find(({ name }) => name === now.name);
    const changes = old === undefined ? [] : approvalChanges(old, now, tables);
    return changes.map((one) => ({ ...one, what: `approval \`${now.name}\`` }));
  });
}

/** Alike changes of many agents are one line. */
function agents(tables: Tables, from: number | undefined): readonly SettingChange[] {
  const lines = new Map<string, { readonly change: SettingChange; readonly agents: string[] }>();
  const old = new Map(tables.before.body.agents.map((agent) => [agent.name, agent]));
  for (const now of tables.after.body.agents) {
    const before = old.get(now.name);
    old.delete(now.name);
    const found: readonly SettingChange[] =
      before === undefined
        ? [{ direction: "looser", what: "", change: "is new" }]
        : [
            ...limitChanges(before, now, tables, from),
            ...[...agentChanges(before, withOldRoles(now, tables)), ...ownerChanges(before, now, tables)].map(
              (one) => ({
                ...one,
                what: "",
              }),
            ),
          ];
    for (const change of found) {
      const key = JSON.stringify(change);
      const line = lines.get(key) ?? { change, agents: [] };
      line.agents.push(now.name);
      lines.set(key, line);
    }
  }
  const gone = [...old.keys()].map(
    (name): SettingChange => ({ direction: "stricter", what: `agent \`${name}\``, change: "is gone" }),
  );
  return [...[...lines.values()].map(agentLine), ...gone];
}

function withOldRoles(agent: Agent, { roles }: Tables): Agent {
  return { ...agent, may_become: agent.may_become.map((one) => ({ ...one, role: roles.get(one.role) ?? one.role })) };
}

function agentLine({
  change,
  agents: names,
}: {
  readonly change: SettingChange;
  readonly agents: readonly string[];
}): SettingChange {
  const [first = ""] = names;
  const who = names.length === 1 ? `agent \`${first}\`` : `${names.length} agents (\`${first}\`, …)`;
  return { ...change, what: change.what === "" ? who : `${who}: ${change.what}` };
}

/** What an action may be given, what it leaves behind, and who may see its arguments. */
function actions({ before, after }: Tables): readonly SettingChange[] {
  return after.body.actions.flatMap((now) => {
    const old = before.body.actions.find(({ name }) => name === now.name);
    if (old === undefined) return [];
    const secrets = (action: Action): readonly string[] =>
      action.params.filter(({ secret }) => secret).map(({ name }) => name);
    const changes = [
      ...paramChanges(old, now),
      ...gainedOrLost("`yields`", old.yields, now.yields, "strict"),
      ...gainedOrLost("`clears`", old.clears, now.clears),
      ...gainedOrLost("`secret`", secrets(old), secrets(now), "strict"),
      ...(old.open === now.open ? [] : gainedOrLost("`...`", old.open ? ["..."] : [], now.open ? ["..."] : [])),
      ...(old.tool?.sha256 === now.tool?.sha256
        ? []
        : [{ direction: "looser" as const, change: "another tool description is reviewed" }]),
    ];
    return changes.map((one) => ({ ...one, what: `action \`${now.name}\`` }));
  });
}

/** What people are told goes to whoever listens there now. */
function elsewhere({ before, after }: Tables): readonly SettingChange[] {
  return after.body.channels.flatMap((now): readonly SettingChange[] => {
    const old = before.body.channels.find(({ name }) => name === now.name);
    if (old === undefined || JSON.stringify(old) === JSON.stringify(now)) return [];
    return [{ direction: "looser", what: `channel \`${now.name}\``, change: "leads somewhere else" }];
  });
}

type Row = { readonly name: string };

function named(
  kind: string,
  before: readonly Row[],
  after: readonly Row[],
  which: "strict" | "loose",
): readonly SettingChange[] {
  const line = (direction: Direction, { name }: Row, change: string): SettingChange => ({
    direction,
    what: `${kind} \`${name}\``,
    change,
  });
  const [more, less]: readonly Direction[] = which === "strict" ? ["stricter", "looser"] : ["looser", "stricter"];
  const come = after.filter(({ name }) => !before.some((old) => old.name === name));
  const gone = before.filter(({ name }) => !after.some((now) => now.name === name));
  const changed = after.filter((now) => {
    const old = before.find(({ name }) => name === now.name);
    return old !== undefined && JSON.stringify({ ...old, doc: null }) !== JSON.stringify({ ...now, doc: null });
  });
  return [
    ...come.map((row) => line(more ?? "looser", row, "is new")),
    ...gone.map((row) => line(less ?? "looser", row, "is gone")),
    ...changed.map((row) => line("looser", row, "changed")),
  ];
}

function liveSets(tables: Tables): readonly SettingChange[] {
  return tables.after.body.live_sets.flatMap((now) => {
    const old = tables.before.body.live_sets.find(({ name }) => name === now.name);
    if (old === undefined) return [];
    const order = comparePeople(groups(old.editors, tables.before), groups(now.editors, tables.after));
    return order.map((direction) => ({
      direction,
      what: `live set \`${now.name}\``,
      change: `${direction === "looser" ? "more" : "fewer"} people may change it`,
    }));
  });
}
