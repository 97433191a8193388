/** Limits, agent by agent: where one counts in which block matters to nobody but its counter. */
import { maySelect } from "../../../engine/index.ts";
import type { Agent, Limit, Table } from "../../../engine/index.ts";
import { blocksOf } from "../space/side.ts";
import type { Fate } from "../space/effect.ts";
import type { Tables } from "./approval-order.ts";
import { compareFates, whatIsLess } from "./fate-order.ts";
import { openingChanges } from "./opening-changes.ts";
import { firstOpeningLimit, lastOpeningLimit } from "./opening-caps.ts";
import type { Direction } from "./policy-diff.ts";
import { isAboutOpenings, reachChanges } from "./reach-changes.ts";

export interface LimitChange {
  readonly direction: Direction;
  readonly what: string;
  readonly change: string;
  /** Names of the actions that it may be about. */
  readonly actions: readonly string[];
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
    const reached = rowReach(before, after, limits, same, tables, from);
    const changes = [...numberChanges(limits, same), ...approvalChangesOf(limits, same, tables)];
    return [...changes.map((change) => ({ ...change, actions: actionsOf([...limits, ...same], tables) })), ...reached];
  });
  const became = successors(gone, come);
  const successor = new Set(became.values());
  const hadNone = ![...old.values()].flat().some(isAboutOpenings);
  const hasNone = ![...now.values()].flat().some(isAboutOpenings);
  return [
    ...gone.map((limit) => {
      const change = lastOpeningLimit(limit, hasNone) ?? goneChange(limit, became.get(limit) ?? null);
      return { ...change, actions: actionsOf([limit], tables) };
    }),
    ...come.flatMap((limit) => {
      if (successor.has(limit)) return [];
      const change = firstOpeningLimit(limit, come, tables.after, hadNone) ?? comeChange(limit);
      return [{ ...change, actions: actionsOf([limit], tables) }];
    }),
    ...kept,
    ...openingChanges(before, after, tables, from),
  ];
}

type Change = Omit<LimitChange, "actions">;

function actionsOf(rows: readonly Limit[], { before, after }: Tables): readonly string[] {
  const about = [...before.body.actions, ...after.body.actions].filter((action) =>
    rows.some((row) => maySelect(row, action)),
  );
  return [...new Set(about.map(({ name }) => name))].toSorted();
}

/** What a limit that is gone became: one about the same, else the only other one of the same kind. */
function successors(gone: readonly Limit[], come: readonly Limit[]): ReadonlyMap<Limit, Limit> {
  const found = new Map<Limit, Limit>();
  const free = (): readonly Limit[] => come.filter((limit) => ![...found.values()].includes(limit));
  for (const limit of gone) {
    const like = free().find(({ scope }) => JSON.stringify(scope) === JSON.stringify(limit.scope));
    if (like !== undefined) found.set(limit, like);
  }
  for (const limit of gone.filter((one) => !found.has(one))) {
    const like = free().filter((one) => kindOf(one) === kindOf(limit));
    const rivals = gone.filter((one) => !found.has(one) && kindOf(one) === kindOf(limit));
    if (like[0] !== undefined && like.length === 1 && rivals.length === 1) found.set(limit, like[0]);
  }
  return found;
}

function kindOf(limit: Limit): string {
  return JSON.stringify([limit.total, limit.per, limit.keys, limit.window, isAboutOpenings(limit)]);
}

/** Rows of one text reach the same, so the first speaks for all. */
function rowReach(
  before: Agent,
  after: Agent,
  old: readonly Limit[],
  now: readonly Limit[],
  tables: Tables,
  from: number | undefined,
): readonly LimitChange[] {
  const [one] = old;
  const [other] = now;
  if (one === undefined || other === undefined) return [];
  const found = reachChanges({ agent: before, row: one }, { agent: after, row: other }, tables, from, "counts");
  const actions = actionsOf([one, other], tables);
  return found.map((change) => ({ ...change, what: `\`${other.text}\``, actions }));
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
function goneChange(limit: Limit, like: Limit | null): Change {
  const became = like?.text === limit.text ? "means something else" : `became \`${like?.text ?? ""}\``;
  const change = like === null ? "is gone" : `${became}, which starts a new count`;
  return { direction: "looser", what: `\`${limit.text}\``, change };
}

function comeChange(limit: Limit): Change {
  return { direction: "stricter", what: `\`${limit.text}\``, change: "is new" };
}

/** Of several with one count the least N matters, and the least that denies by itself. */
function numberChanges(old: readonly Limit[], now: readonly Limit[]): readonly Change[] {
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
): readonly Change[] {
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
function approvalChangesOf(old: readonly Limit[], now: readonly Limit[], tables: Tables): readonly Change[] {
  const fate = (limits: readonly Limit[]): Fate => ({
    tier: "ask",
    via: [...new Set(limits.flatMap(({ via }) => via ?? []))],
    to: [],
  });
  const [before, after] = [fate(old), fate(now)];
  const [first] = now;
  if (before.via.length === 0 || after.via.length === 0 || first === undefined) return [];
  const { looser, stricter } = compareFates(before, after, tables);
  const what = `\`${first.text}\``;
  const change = `asks via ${before.via.join(" and ")} → ${after.via.join(" and ")}`;
  const less = whatIsLess(before, after, tables);
  if (looser) return [{ direction: "looser", what, change: `${change}; ${less.join("; ")}` }];
  return stricter ? [{ direction: "stricter", what, change }] : [];
}
