/** What the names of a table stand for, so that one that was only exchanged for another can be told. */
import type { Limit, Rule, TableBody } from "../../../engine/index.ts";
import type { Meanings } from "./renames.ts";

type Row = { readonly name: string };

/** Things whose name nothing else rests on. */
export function plainMeanings(rows: readonly Row[]): Meanings {
  return new Map(rows.map(({ name, ...rest }) => [name, meaningOf(JSON.stringify({ ...rest, doc: null }), [], [])]));
}

function meaningOf(
  content: string,
  uses: readonly unknown[],
  parts: readonly string[],
): { readonly content: string; readonly use: string | null; readonly parts: readonly string[] } {
  const use = uses.map((one) => JSON.stringify(one)).toSorted();
  return { content, use: use.length === 0 ? null : use.join("\n"), parts };
}

/** By which rules and limits ask for it, and which roles are gained by it. */
export function approvalMeanings({ approvals, agents, blocks }: TableBody): Meanings {
  return new Map(
    approvals.map(({ name, ...rest }) => {
      const uses = [
        ...blocks.flatMap(({ rules, limits }) => [
          ...rules.filter(({ via }) => via.includes(name)).map((rule) => placeOf(rule)),
          ...limits.filter(({ via }) => via === name).map((limit) => placeOf(limit)),
        ]),
        ...agents.filter((agent) => agent.may_become.some(({ via }) => via === name)).map((agent) => agent.name),
      ];
      return [name, meaningOf(JSON.stringify({ ...rest, doc: null }), uses, [])];
    }),
  );
}

function placeOf(row: Rule | Limit): unknown {
  return "tier" in row ? [row.tier, row.scope, row.when] : [row.scope, row.when, row.total, row.per];
}

/** By who has them; roughly they are what their rules and limits are about. */
export function roleMeanings({ blocks, agents }: TableBody): Meanings {
  return new Map(
    blocks
      .filter(({ kind }) => kind === "role")
      .map(({ name, rules, limits }) => {
        const uses = agents.flatMap((agent) => [
          ...(agent.roles.includes(name) ? [[agent.name, "has"]] : []),
          ...(agent.may_become.some(({ role }) => role === name) ? [[agent.name, "gains"]] : []),
        ]);
        const parts = [
          ...rules.map(({ tier, scope }) => JSON.stringify([tier, scope.select])),
          ...limits.map(({ scope }) => JSON.stringify(["limit", scope.select])),
        ];
        return [name, meaningOf(contentOf(name, [...rules, ...limits]), uses, parts)];
      }),
  );
}

/** Without what rests on the name: ids, counters, the text as it is written, and the name where a rule reads it. */
function contentOf(name: string, rows: readonly (Rule | Limit)[]): string {
  const plain = rows.map((row) =>
    JSON.stringify({ ...row, id: "", counter: "", doc: null, text: "" }).replaceAll(
      JSON.stringify(name),
      '"this role"',
    ),
  );
  return plain.toSorted().join("\n");
}

/** A label is what kind it is of, and what yields and clears it; it is used where rules read it. */
export function labelMeanings({ labels, actions, agents, blocks }: TableBody): Meanings {
  return new Map(
    labels.map(({ name, kind }) => {
      const yields = actions.flatMap((action) =>
        action.yields.filter(({ label }) => label === name).map(({ when }) => [action.name, when]),
      );
      const clears = actions.filter((action) => action.clears.includes(name)).map((action) => action.name);
      const starts = agents.filter((agent) => agent.starts_with.includes(name)).map((agent) => agent.name);
      const read = `"label":${JSON.stringify(name)}`;
      const uses = blocks
        .flatMap(({ rules, limits }) => [...rules, ...limits])
        .map(({ scope, when }) => JSON.stringify([scope, when]))
        .filter((text) => text.includes(read))
        .map((text) => text.replaceAll(read, '"label":"this"'));
      return [name, meaningOf(JSON.stringify([kind, yields, clears, starts]), uses, [kind])];
    }),
  );
}
