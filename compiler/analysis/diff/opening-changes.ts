/** Rules about `session.open`: they decide no request of a session, so they are held against each other here. */
import type { Agent, Rule, Table } from "../../../engine/index.ts";
import { blocksOf } from "../space/side.ts";
import type { Tables } from "./approval-order.ts";
import { compareReach, OPENING_ACTION } from "./compare-reach.ts";
import type { LimitChange } from "./limit-changes.ts";
import type { Direction } from "./policy-diff.ts";
import { isAboutOpenings, reachChanges } from "./reach-changes.ts";

export function openingChanges(
  before: Agent,
  after: Agent,
  tables: Tables,
  from: number | undefined,
): readonly LimitChange[] {
  const old = openingRules(tables.before, before);
  const now = openingRules(tables.after, after);
  const kept = [...old].flatMap(([key, rule]) => {
    const same = now.get(key);
    if (same === undefined) return [];
    const found = reachChanges({ agent: before, row: rule }, { agent: after, row: same }, tables, from, "refuses");
    return found.map(({ direction, change }) => told(direction, same.text, change));
  });
  const gone = [...old].flatMap(([key, rule]) => (now.has(key) ? [] : [rule]));
  const come = new Set([...now].flatMap(([key, rule]) => (old.has(key) ? [] : [rule])));
  const changed = gone.flatMap((rule) => {
    const heir = heirOf({ agent: before, rule }, { agent: after, rules: [...come] }, tables, from);
    if (heir === null) return [told("looser", rule.text, "is gone")];
    come.delete(heir.rule);
    return heir.more ? [told("stricter", rule.text, `became \`${heir.rule.text}\``)] : [];
  });
  return [...changed, ...[...come].map(({ text }) => told("stricter", text, "is new")), ...kept];
}

function told(direction: Direction, text: string, change: string): LimitChange {
  return { direction, what: `\`${text}\``, change, actions: [] };
}

/** A rule that surely refuses every opening that one which is gone did; null where there is none. */
function heirOf(
  gone: { readonly agent: Agent; readonly rule: Rule },
  { agent, rules }: { readonly agent: Agent; readonly rules: readonly Rule[] },
  tables: Tables,
  from: number | undefined,
): { readonly rule: Rule; readonly more: boolean } | null {
  for (const rule of rules) {
    const { fewer, more, doubt } = compareReach(
      { agent: gone.agent, action: OPENING_ACTION, reaching: gone.rule },
      { agent, action: OPENING_ACTION, reaching: rule },
      tables,
      from,
    );
    if (!fewer && doubt === null) return { rule, more };
  }
  return null;
}

function openingRules(table: Table, agent: Agent): ReadonlyMap<string, Rule> {
  const rules = blocksOf(table, agent).flatMap(({ block }) =>
    block.rules.filter((rule) => !rule.trial && isAboutOpenings(rule)),
  );
  return new Map(rules.map((rule) => [JSON.stringify([rule.scope, rule.when, rule.until]), rule]));
}
