/** Limits, agent by agent: where one counts in which block matters to nobody but its counter. */
import type { Agent, Limit, Rule, Table } from "../../../engine/index.ts";
import { blocksOf } from "../space/side.ts";
import type { Fate } from "../space/effect.ts";
import type { Tables } from "./approval-order.ts";
import { compareFates } from "./fate-order.ts";
import type { Direction } from "./policy-diff.ts";
import { isAboutOpenings, reachChanges, type Verb } from "./reach-changes.ts";

export interface LimitChange {
  readonly direction: Direction;
  readonly what: string;
  readonly change: string;
}

/** Limits and rules about the opening of sessions, for one agent. `from` as in `DiffOptions`. */
export function limitChanges(
  before: Agent,
  after: Agent,
  tables: Tables,
  from: number | undefined,
): readonly LimitChange[] {
  const old = limitsOf(tables.before, before);
  const now = limitsOf(tables.after, after, tables.roles);
  const gone = [...old].flatMap(([core, limits]) => (now.has(core) ? [] : limits));
  const come = [...now].flatMap(([core, limits]) => (old.has(core) ? [] : limits));
  const kept = [...old].flatMap(([core, limits]) => {
    const same = now.get(core);
    if (same === undefined) return [];
    const reached = rowReach(before, after, limits, same, tables, from, "counts");
    return [...numberChanges(limits, same), ...approvalChangesOf(limits, same, tables), ...reached];
  });
  return [
    ...gone.map((limit) => goneChange(limit, come)),
    ...come.map(comeChange),
    ...kept,
    ...openings(before, after, tables, from),
  ];
}

/** Rows of one text reach the same, so the first speaks for all. */
function rowReach(
  before: Agent,
  after: Agent,
  old: readonly (Limit | Rule)[],
  now: readonly (Limit | Rule)[],
  tables: Tables,
  from: number | undefined,
  verb: Verb,
): readonly LimitChange[] {
  const [one] = old;
  const [other] = now;
  if (one === undefined || other === undefined) return [];
  const found = reachChanges({ agent: before, row: one }, { agent: after, row: other }, tables, from, verb);
  return found.map((change) => ({ ...change, what: `\`${other.text}\`` }));
}

/** By all that a limit is but N and `then`. */
function limitsOf(
  table: Table,
  agent: Agent,
  roles: Tables["roles"] = new Map(),
): ReadonlyMap<string, readonly Limit[]> {
  const found = new Map<string, readonly Limit[]>();
  for (const { block, role } of blocksOf(table, agent)) {
    for (const limit of block.limits) {
      const { trial, scope, when, total, window, per, keys } = limit;
      if (trial) continue;
      const own = JSON.stringify([roles.get(role ?? "") ?? role, scope, when, total, window, per, keys]);
      const core = own.includes('"agent.roles"') ? withOldNames(own, roles) : own;
      found.set(core, [...(found.get(core) ?? []), limit]);
    }
  }
  return found;
}

function withOldNames(json: string, roles: Tables["roles"]): string {
  return [...roles].reduce((text, [now, old]) => text.replaceAll(JSON.stringify(now), JSON.stringify(old)), json);
}

/** What was changed in more than N starts a new count; so much more is admitted once. */
function goneChange(limit: Limit, come: readonly Limit[]): LimitChange {
  const like = come.find(({ scope }) => JSON.stringify(scope) === JSON.stringify(limit.scope));
  const became = like?.text === limit.text ? "means something else" : `became \`${like?.text ?? ""}\``;
  const change = like === undefined ? "is gone" : `${became}, which starts a new count`;
  return { direction: "looser", what: `\`${limit.text}\``, change };
}

function comeChange(limit: Limit): LimitChange {
  return { direction: "stricter", what: `\`${limit.text}\``, change: "is new" };
}

/** Of several with one count the least N matters, and the least that denies by itself. */
function numberChanges(old: readonly Limit[], now: readonly Limit[]): readonly LimitChange[] {
  const counted = boundChange(old, now, () => true, "counts to");
  const hard = boundChange(old, now, isHard, "denies beyond");
  const same = least(old.filter(isHard)) === least(old) && least(now.filter(isHard)) === least(now);
  return same ? counted : [...counted, ...hard];
}

function isHard({ via }: Limit): boolean {
  return via === null;
}

function boundChange(
  old: readonly Limit[],
  now: readonly Limit[],
  counts: (limit: Limit) => boolean,
  word: string,
): readonly LimitChange[] {
  const before = least(old.filter(counts));
  const after = least(now.filter(counts));
  const [first] = now;
  if (before === after || first === undefined) return [];
  const looser = after === null || (before !== null && after > before);
  const what = `\`${(now.find(counts) ?? first).text}\``;
  const change = `${word} ${before ?? "no end"} → ${after ?? "no end"}`;
  return [{ direction: looser ? "looser" : "stricter", what, change }];
}

function least(limits: readonly Limit[]): number | null {
  return limits.length === 0 ? null : Math.min(...limits.map(({ n }) => Number(n)));
}

/** Beyond N others decide, or fewer. */
function approvalChangesOf(old: readonly Limit[], now: readonly Limit[], tables: Tables): readonly LimitChange[] {
  const fate = (limits: readonly Limit[]): Fate => ({
    tier: "ask",
    via: limits.flatMap(({ via }) => via ?? []),
    to: [],
  });
  const [before, after] = [fate(old), fate(now)];
  const [first] = now;
  if (before.via.length === 0 || after.via.length === 0 || first === undefined) return [];
  const { looser, stricter } = compareFates(before, after, tables);
  const what = `\`${first.text}\``;
  const change = `asks via ${before.via.join(" and ")} → ${after.via.join(" and ")}`;
  if (looser) return [{ direction: "looser", what, change }];
  return stricter ? [{ direction: "stricter", what, change }] : [];
}

/** Rules about `session.open` decide no request of a session. */
function openings(before: Agent, after: Agent, tables: Tables, from: number | undefined): readonly LimitChange[] {
  const old = openingRules(tables.before, before);
  const now = openingRules(tables.after, after);
  const gone = [...old].filter(([key]) => !now.has(key));
  const come = [...now].filter(([key]) => !old.has(key));
  const kept = [...old].flatMap(([key, rule]) => {
    const same = now.get(key);
    return same === undefined ? [] : rowReach(before, after, [rule], [same], tables, from, "refuses");
  });
  return [
    ...gone.map(([, { text }]): LimitChange => ({ direction: "looser", what: `\`${text}\``, change: "is gone" })),
    ...come.map(([, { text }]): LimitChange => ({ direction: "stricter", what: `\`${text}\``, change: "is new" })),
    ...kept,
  ];
}

function openingRules(table: Table, agent: Agent): ReadonlyMap<string, Rule> {
  const rules = blocksOf(table, agent).flatMap(({ block }) =>
    block.rules.filter((rule) => !rule.trial && isAboutOpenings(rule)),
  );
  return new Map(rules.map((rule) => [JSON.stringify([rule.scope, rule.when, rule.until]), rule]));
}
