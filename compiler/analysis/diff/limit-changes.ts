/** Limits, agent by agent: where one counts in which block matters to nobody but its counter. */
import type { Agent, Limit, Rule, Table } from "../../../engine/index.ts";
import { blocksOf } from "../space/side.ts";
import type { Direction } from "./policy-diff.ts";
import type { Tables } from "./approval-order.ts";

export interface LimitChange {
  readonly direction: Direction;
  readonly what: string;
  readonly change: string;
}

/** Limits and rules about the opening of sessions, for one agent. */
export function limitChanges(before: Agent, after: Agent, tables: Tables): readonly LimitChange[] {
  const old = limitsOf(tables.before, before);
  const now = limitsOf(tables.after, after, tables.roles);
  const gone = [...old].flatMap(([core, limits]) => (now.has(core) ? [] : limits));
  const come = [...now].flatMap(([core, limits]) => (old.has(core) ? [] : limits));
  const kept = [...old].flatMap(([core, limits]) => numberChanges(limits, now.get(core) ?? limits));
  return [
    ...gone.map((limit) => goneChange(limit, come)),
    ...come.map(comeChange),
    ...kept,
    ...openings(before, after, tables),
  ];
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
  const change = like === undefined ? "is gone" : `became \`${like.text}\`, which starts a new count`;
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

/** Rules about `session.open` decide no request, so they are compared as they stand. */
function openings(before: Agent, after: Agent, tables: Tables): readonly LimitChange[] {
  const old = openingRules(tables.before, before);
  const now = openingRules(tables.after, after);
  const gone = [...old].filter(([key]) => !now.has(key));
  const come = [...now].filter(([key]) => !old.has(key));
  return [
    ...gone.map(([, text]): LimitChange => ({ direction: "looser", what: `\`${text}\``, change: "is gone" })),
    ...come.map(([, text]): LimitChange => ({ direction: "stricter", what: `\`${text}\``, change: "is new" })),
  ];
}

function openingRules(table: Table, agent: Agent): ReadonlyMap<string, string> {
  const rules = blocksOf(table, agent).flatMap(({ block }) =>
    block.rules.filter((rule) => !rule.trial && isOpening(rule)),
  );
  return new Map(rules.map(({ scope, when, text }) => [JSON.stringify([scope, when]), text]));
}

function isOpening({ scope }: Rule): boolean {
  return scope.select.some(
    (selector) =>
      (selector.kind === "action" && selector.name === "session.open") ||
      (selector.kind === "prefix" && selector.prefix === "session"),
  );
}
