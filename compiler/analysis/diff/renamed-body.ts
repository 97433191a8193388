/** A table in which things have the names that they had before. */
import type { TableBody } from "../../../engine/index.ts";
import type { Renames } from "./renames.ts";

export function withNames<Row extends { readonly name: string }>(rows: readonly Row[], names: Renames): readonly Row[] {
  return rows.map((row) => ({ ...row, name: text(names, row.name) }));
}

function text(names: Renames, name: string): string {
  return names.get(name) ?? name;
}

function all(names: Renames, list: readonly string[]): readonly string[] {
  return list.map((name) => text(names, name));
}

export function withChannels(body: TableBody, names: Renames): TableBody {
  return {
    ...body,
    channels: withNames(body.channels, names),
    approvals: body.approvals.map((one) => ({ ...one, tell: all(names, one.tell) })),
    breakers: body.breakers.map((one) => ({ ...one, tell: all(names, one.tell) })),
    blocks: body.blocks.map((block) => ({
      ...block,
      rules: block.rules.map((rule) => ({ ...rule, to: all(names, rule.to) })),
    })),
  };
}

export function withApprovals(body: TableBody, names: Renames): TableBody {
  return {
    ...body,
    approvals: withNames(body.approvals, names),
    agents: body.agents.map((agent) => ({
      ...agent,
      may_become: agent.may_become.map((one) => ({ ...one, via: text(names, one.via) })),
    })),
    blocks: body.blocks.map((block) => ({
      ...block,
      rules: block.rules.map((rule) => ({ ...rule, via: all(names, rule.via) })),
      limits: block.limits.map((limit) => ({ ...limit, via: limit.via === null ? null : text(names, limit.via) })),
    })),
  };
}

/** Labels stand inside conditions, wherever a `session_has` does. */
export function withLabels(body: TableBody, names: Renames): TableBody {
  const json = JSON.stringify(body, (key, value: unknown) =>
    key === "label" && typeof value === "string" ? text(names, value) : value,
  );
  const read = JSON.parse(json) as TableBody;
  return {
    ...read,
    labels: withNames(read.labels, names),
    actions: read.actions.map((action) => ({ ...action, clears: all(names, action.clears) })),
    agents: read.agents.map((agent) => ({ ...agent, starts_with: all(names, agent.starts_with) })),
  };
}
