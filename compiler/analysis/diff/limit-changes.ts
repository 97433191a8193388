/** Limits, agent by agent. The block belongs to the count: of several agents together it counts those of its block. */
import { compareNumbers, maySelect } from "../../../engine/index.ts";
import type { Agent, Block, Limit, Table } from "../../../engine/index.ts";
import { blocksOf } from "../space/side.ts";
import type { Tables } from "./approval-order.ts";
import { approvalsBeyond } from "./limit-approvals.ts";
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
  const places: Places = new Map();
  const old = limitsOf(tables.before, before, places);
  const now = limitsOf(tables.after, after, places, tables.roles);
  const stays = [...old].flatMap(([core, limits]) => (now.has(core) ? [...limits, ...(now.get(core) ?? [])] : []));
  const isMore = (limit: Limit): boolean => !stays.some((other) => holdsAsMuch(other, limit));
  const gone = [...old].flatMap(([core, limits]) => (now.has(core) ? [] : limits.filter(isMore)));
  const come = [...now].flatMap(([core, limits]) => (old.has(core) ? [] : limits.filter(isMore)));
  const kept = [...old].flatMap(([core, limits]) => {
    const same = now.get(core);
    if (same === undefined) return [];
    const reached = rowReach(before, after, limits, same, tables, from);
    const changes = [...numberChanges(limits, same), ...approvalsBeyond(limits, same, tables)];
    return [...changes.map((change) => ({ ...change, actions: actionsOf([...limits, ...same], tables) })), ...reached];
  });
  const became = successors(gone, come);
  const successor = new Set(became.values());
  const hadNone = ![...old.values()].flat().some(isAboutOpenings);
  const hasNone = ![...now.values()].flat().some(isAboutOpenings);
  return [
    ...gone.map((limit) => {
      const change = lastOpeningLimit(limit, hasNone) ?? goneChange(limit, became.get(limit) ?? null, places);
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

/** The block of each limit, as messages call it. */
type Places = Map<Limit, string>;

/** What one agent or session does is counted alike in every block. */
function holdsAsMuch(kept: Limit, limit: Limit): boolean {
  if (limit.per !== "agent" && limit.per !== "session") return false;
  const all = ({ scope, when, total, window, per, keys, n, via }: Limit): string =>
    JSON.stringify([scope, when, total, window, per, keys, n, via]);
  return all(kept) === all(limit);
}

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

/** By all that a limit is but N and `then`, and by its block: so it is counted. */
function limitsOf(
  table: Table,
  agent: Agent,
  places: Places,
  roles: Tables["roles"] = new Map(),
): ReadonlyMap<string, readonly Limit[]> {
  const found = new Map<string, readonly Limit[]>();
  for (const { block, role } of blocksOf(table, agent)) {
    const name = block.kind === "role" ? (roles.get(block.name) ?? block.name) : block.name;
    for (const limit of block.limits) {
      const { trial, scope, when, total, window, per, keys } = limit;
      if (trial) continue;
      places.set(limit, blockText(block));
      const own = JSON.stringify([block.kind, name, role !== null, scope, when, total, window, per, keys]);
      const core = own.includes('"agent.roles"') ? withOldNames(own, roles) : own;
      found.set(core, [...(found.get(core) ?? []), limit]);
    }
  }
  return found;
}

function blockText({ kind, name }: Block): string {
  return kind === "every" ? "`every agent`" : `${kind} \`${name}\``;
}

function withOldNames(json: string, roles: Tables["roles"]): string {
  return [...roles].reduce((text, [now, old]) => text.replaceAll(JSON.stringify(now), JSON.stringify(old)), json);
}

/** What was changed in more than N starts a new count; so much more is admitted once. */
function goneChange(limit: Limit, like: Limit | null, places: Places): Change {
  const change = like === null ? "is gone" : `${becameText(limit, like, places)}, which starts a new count`;
  return { direction: "looser", what: `\`${limit.text}\``, change };
}

function becameText(limit: Limit, like: Limit, places: Places): string {
  const [from, to] = [places.get(limit), places.get(like)];
  const moved = from === to ? "" : `moved from ${from} to ${to}`;
  if (like.text !== limit.text) return `${moved === "" ? "" : `${moved} and `}became \`${like.text}\``;
  return moved === "" ? "means something else" : moved;
}

function comeChange(limit: Limit): Change {
  return { direction: "stricter", what: `\`${limit.text}\``, change: "is new" };
}

/** Of several with one count the least N matters, and the least that denies by itself. */
function numberChanges(old: readonly Limit[], now: readonly Limit[]): readonly Change[] {
  const counted = boundChange(old, now, () => true, "counts to");
  const hard = boundChange(old, now, isHard, "denies beyond");
  const same = [old, now].every((limits) => least(limits.filter(isHard)) === least(limits));
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
  const looser = after === null || (before !== null && compareNumbers(after, before) > 0);
  const what = `\`${(now.find(counts) ?? first).text}\``;
  const change = `${word} ${before ?? "no end"} → ${after ?? "no end"}`;
  return [{ direction: looser ? "looser" : "stricter", what, change }];
}

function least(limits: readonly Limit[]): string | null {
  return limits.map(({ n }) => n).toSorted(compareNumbers)[0] ?? null;
}
