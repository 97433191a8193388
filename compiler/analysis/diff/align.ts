/**
 * What only changed its name is given the old one, so that it compares as the same. A thing is taken for renamed where
 * its old name is gone, its new one is new, and nothing else about it differs.
 */
import type { Block, Table, TableBody } from "../../../engine/index.ts";

export interface Aligned {
  readonly table: Table;
  /** `role sales is now called account_managers`. */
  readonly notes: readonly string[];
  /** New names of roles to old ones. Roles keep their names, since conditions may read them. */
  readonly roles: ReadonlyMap<string, string>;
}

export function aligned(before: Table, after: Table): Aligned {
  const roles = renames(rolesOf(before.body), rolesOf(after.body));
  const approvals = renames(named(before.body.approvals), named(after.body.approvals));
  const channels = renames(named(before.body.channels), named(after.body.channels));
  const labels = renames(labelsOf(before.body), labelsOf(after.body));
  const notes = [
    ...told("role", roles, "; its limits' counts start anew"),
    ...told("approval", approvals, "; what waits under the old name can't be used"),
    ...told("channel", channels, ""),
    ...told("label", labels, "; open sessions keep the old one"),
  ];
  if (approvals.size + channels.size + labels.size === 0) return { table: after, notes, roles };
  return { table: { ...after, body: renamedBody(after.body, { approvals, channels, labels }) }, notes, roles };
}

/** New name to old name. */
type Renames = ReadonlyMap<string, string>;
type Contents = ReadonlyMap<string, string>;

function renames(before: Contents, after: Contents): Renames {
  const gone = [...before].filter(([name]) => !after.has(name));
  const come = [...after].filter(([name]) => !before.has(name));
  return new Map(
    come.flatMap(([name, content]) => {
      const same = gone.filter(([, old]) => old === content);
      const rivals = come.filter(([, other]) => other === content);
      const [match] = same;
      return match !== undefined && same.length === 1 && rivals.length === 1 ? [[name, match[0]] as const] : [];
    }),
  );
}

function named(rows: readonly { readonly name: string }[]): Contents {
  return new Map(rows.map(({ name, ...rest }) => [name, JSON.stringify({ ...rest, doc: null })]));
}

function rolesOf({ blocks }: TableBody): Contents {
  return new Map(blocks.filter(({ kind }) => kind === "role").map((block) => [block.name, contentOf(block)]));
}

/** Without what rests on the name: ids, counters, the text as it is written, and the name where a rule reads it. */
function contentOf({ name, rules, limits }: Block): string {
  const plain = [...rules, ...limits].map((row) =>
    JSON.stringify({ ...row, id: "", counter: "", doc: null, text: "" }).replaceAll(
      JSON.stringify(name),
      '"this role"',
    ),
  );
  return plain.toSorted().join("\n");
}

/** A label is what kind it is of, and what yields and clears it. */
function labelsOf({ labels, actions, agents }: TableBody): Contents {
  return new Map(
    labels.map(({ name, kind }) => {
      const yields = actions.flatMap((action) =>
        action.yields.filter(({ label }) => label === name).map(({ when }) => [action.name, when]),
      );
      const clears = actions.filter((action) => action.clears.includes(name)).map((action) => action.name);
      const starts = agents.filter((agent) => agent.starts_with.includes(name)).map((agent) => agent.name);
      return [name, JSON.stringify([kind, yields, clears, starts])];
    }),
  );
}

function told(kind: string, names: Renames, consequence: string): readonly string[] {
  return [...names].map(([now, old]) => `${kind} \`${old}\` is now called \`${now}\`${consequence}`);
}

interface AllRenames {
  readonly approvals: Renames;
  readonly channels: Renames;
  readonly labels: Renames;
}

function renamedBody(body: TableBody, { approvals, channels, labels }: AllRenames): TableBody {
  const text = (names: Renames, name: string): string => names.get(name) ?? name;
  const all = (names: Renames, list: readonly string[]): readonly string[] => list.map((name) => text(names, name));
  const blocks = body.blocks.map(
    (block): Block => ({
      ...block,
      rules: block.rules.map((rule) => ({ ...rule, via: all(approvals, rule.via), to: all(channels, rule.to) })),
      limits: block.limits.map((limit) => ({ ...limit, via: limit.via === null ? null : text(approvals, limit.via) })),
    }),
  );
  const agents = body.agents.map((agent) => ({
    ...agent,
    starts_with: all(labels, agent.starts_with),
    may_become: agent.may_become.map((one) => ({ ...one, via: text(approvals, one.via) })),
  }));
  const renamed = {
    ...body,
    agents,
    blocks,
    approvals: body.approvals.map((one) => ({
      ...one,
      name: text(approvals, one.name),
      tell: all(channels, one.tell),
    })),
    channels: body.channels.map((one) => ({ ...one, name: text(channels, one.name) })),
  };
  return labels.size === 0 ? renamed : withLabels(renamed, labels);
}

/** Labels stand inside conditions, wherever a `session_has` does. */
function withLabels(body: TableBody, labels: Renames): TableBody {
  const json = JSON.stringify(body, (key, value: unknown) =>
    key === "label" && typeof value === "string" ? (labels.get(value) ?? value) : value,
  );
  const read = JSON.parse(json) as TableBody;
  return { ...read, labels: read.labels.map((one) => ({ ...one, name: labels.get(one.name) ?? one.name })) };
}
