/** What an action may be given, what it leaves behind, and who may see its arguments. */
import type { Action, Table } from "../../../engine/index.ts";
import { wordsRead } from "../space/words-read.ts";
import type { Tables } from "./approval-order.ts";
import { gainedOrLost } from "./gained-or-lost.ts";
import { paramChanges } from "./param-changes.ts";
import type { Direction } from "./policy-diff.ts";

interface Change {
  readonly direction: Direction;
  readonly change: string;
}

export function actionChanges(old: Action, now: Action, tables: Tables): readonly Change[] {
  return [
    ...paramChanges(old, now),
    ...yieldChanges(old, now, tables),
    ...gainedOrLost("`clears`", old.clears, now.clears, "loose"),
    ...secretChanges(old, now),
    ...(old.open === now.open ? [] : gainedOrLost("undeclared arguments", openOf(old), openOf(now), "loose")),
    ...toolChanges(old, now),
  ];
}

function openOf({ open }: Action): readonly string[] {
  return open ? ["..."] : [];
}

/** What was reviewed was another tool, or said something else of itself. */
function toolChanges({ tool: old }: Action, { tool: now }: Action): readonly Change[] {
  if ((old?.sha256 ?? null) !== (now?.sha256 ?? null)) {
    const change = `another tool description is reviewed: ${digest(old)} → ${digest(now)}`;
    return [{ direction: "looser", change }];
  }
  if (old?.name === now?.name && old?.server === now?.server) return [];
  return [{ direction: "looser", change: `stands for another tool: ${toolText(old)} → ${toolText(now)}` }];
}

function digest(tool: Action["tool"]): string {
  const sha256 = tool?.sha256 ?? null;
  return sha256 === null ? "none" : `\`${sha256}\``;
}

function toolText(tool: Action["tool"]): string {
  if (tool === null) return "none";
  return `\`${tool.name}\`${tool.server === null ? "" : ` of \`${tool.server}\``}`;
}

/** A label that is taken on another condition may be taken less often, and so where what its condition names changed. */
function yieldChanges(old: Action, now: Action, { before, after }: Tables): readonly Change[] {
  const names = ({ yields }: Action): readonly string[] => [...new Set(yields.map(({ label }) => label))];
  const meaning = ({ yields }: Action, name: string, table: Table): string => {
    const whens = yields.filter(({ label }) => label === name).map(({ when }) => when);
    return JSON.stringify([whens, wordsRead(table, whens)]);
  };
  const kept = names(now).filter(
    (name) => names(old).includes(name) && meaning(old, name, before) !== meaning(now, name, after),
  );
  return [
    ...gainedOrLost("`yields`", names(old), names(now), "strict"),
    ...kept.map((name) => {
      const always = now.yields.some(({ label, when }) => label === name && when === null);
      const direction = always ? ("stricter" as const) : ("looser" as const);
      return { direction, change: `yields \`${name}\` ${always ? "always" : "in other cases"}` };
    }),
  ];
}

/** Of parameters that both have; a new one was never kept out of anything. */
function secretChanges(old: Action, now: Action): readonly Change[] {
  const kept = now.params.flatMap((param) => {
    const before = old.params.find(({ name }) => name === param.name);
    return before === undefined || before.secret === param.secret ? [] : [param];
  });
  return kept.map(({ name, secret }) => ({
    direction: secret ? "stricter" : "looser",
    change: `\`${name}\` is ${secret ? "now" : "no longer"} secret: records and approvals ${secret ? "don't" : "also"} show it`,
  }));
}
