/**
 * Walks the cases of a cell, facet by facet, and finds every pair of fates that its sides can have together. What has
 * been seen with the same effects so far and the same classes still open isn't walked again.
 */
import type { Cell, CellRow } from "./cell.ts";
import {
  type Effect,
  effectKey,
  type Fate,
  fateKey,
  fateOf,
  joined,
  NO_EFFECT,
  toldEffectKey,
  toldFateOf,
} from "./effect.ts";

export interface Walked {
  readonly found: readonly Found[];
  /** Why a pair of fates may be missing; null where none is. */
  readonly inexact: string | null;
}

export interface Found {
  /** One for each side. */
  readonly fates: readonly Fate[];
  readonly chosen: ReadonlyMap<number, number>;
}

export interface WalkOptions {
  /** Only where the sides differ. */
  readonly differing?: boolean;
  /** Denials are told apart by what denies; only for one side. */
  readonly denials?: boolean;
  /** Nodes that may be visited. */
  readonly budget?: number;
  /** Ends the walk when it has found what was looked for. */
  readonly until?: (found: Found) => boolean;
}

const BUDGET = 20_000;

export function walk(cell: Cell, options: WalkOptions = {}): Walked {
  const walking: Walking = {
    cell,
    options,
    levels: levelsOf(cell),
    seen: new Set(),
    found: new Map(),
    chosen: new Map(),
    nodes: 0,
    reached: 0,
    done: false,
  };
  visit(walking, 0, [NO_EFFECT, ...cell.sides.map(() => NO_EFFECT)]);
  return { found: [...walking.found.values()], inexact: doubt(walking) };
}

interface Walking {
  readonly cell: Cell;
  readonly options: WalkOptions;
  readonly levels: readonly Level[];
  readonly seen: Set<string>;
  readonly found: Map<string, Found>;
  readonly chosen: Map<number, number>;
  nodes: number;
  /** How many facets were ever chosen among. */
  reached: number;
  done: boolean;
}

interface Level {
  /** Rows that are decided once the facets before this level are. */
  readonly decided: readonly CellRow[];
  /** Rows that read facets on both sides of this level. */
  readonly open: readonly CellRow[];
  /** For each side: may a row that isn't decided yet grant? Is one left that only this side has? */
  readonly mayGrant: readonly boolean[];
  /** May a row that isn't decided yet miss a person? */
  readonly mayMissPerson: boolean;
  readonly ownLeft: boolean;
}

function levelsOf({ facets, rows, sides }: Cell): readonly Level[] {
  return Array.from({ length: facets.length + 1 }, (_, level) => {
    const last = ({ reads }: CellRow): number => (reads.at(-1) ?? -1) + 1;
    const left = rows.filter((row) => last(row) > level);
    return {
      decided: rows.filter((row) => last(row) === level),
      open: left.filter(({ reads }) => (reads[0] ?? level) < level),
      mayGrant: sides.map((_side, at) => left.some(({ row, side }) => row.mayGrant && (side === null || side === at))),
      mayMissPerson: left.some(({ row }) => row.kind === "requester"),
      ownLeft: left.some(({ side }) => side !== null),
    };
  });
}

/** `effects`: of the rows that both sides have, then of each side's own. */
function visit(walking: Walking, at: number, before: readonly Effect[]): void {
  const level = walking.levels[at];
  if (level === undefined || walking.done || isSpent(walking)) return;
  walking.nodes += 1;
  walking.cell.effort.left -= level.open.length;
  const effects = withDecided(level, before, walking.chosen);
  const told = walking.options.denials === true;
  const settled = told ? settledDenial(level, effects) : settledFates(level, effects, walking.cell.sides.length);
  if (settled !== null || at === walking.cell.facets.length) {
    record(walking, settled ?? (told ? [toldFateOf(effects.reduce(joined))] : fatesOf(effects)));
    return;
  }
  if (walking.options.differing === true && agree(level, effects)) return;
  const key = `${at} ${effects.map(told ? toldEffectKey : effectKey).join("&")} ${openClasses(level, at, walking.chosen)}`;
  if (walking.seen.has(key)) return;
  walking.seen.add(key);
  descend(walking, at, effects, level);
}

function isSpent({ nodes, options, cell }: Walking): boolean {
  return nodes > (options.budget ?? BUDGET) || cell.effort.left < 0;
}

function descend(walking: Walking, at: number, effects: readonly Effect[], _level: Level): void {
  const { cell, chosen } = walking;
  const reading = cell.rows.filter(({ reads }) => reads.includes(at));
  walking.reached = Math.max(walking.reached, reading.length === 0 ? 0 : at + 1);
  const tried = new Set<string>();
  for (const index of (cell.facets[at]?.cases ?? []).keys()) {
    cell.effort.left -= reading.length;
    if (cell.effort.left < 0) return;
    const key = reading.map((row) => row.classOf(at, index)).join(" ");
    if (tried.has(key)) continue;
    tried.add(key);
    chosen.set(at, index);
    visit(walking, at + 1, effects);
    if (walking.done) return;
  }
  chosen.delete(at);
}

function withDecided(
  { decided }: Level,
  before: readonly Effect[],
  chosen: ReadonlyMap<number, number>,
): readonly Effect[] {
  if (decided.length === 0) return before;
  const effects = [...before];
  for (const row of decided) {
    const at = row.side === null ? 0 : row.side + 1;
    effects[at] = joined(effects[at] ?? NO_EFFECT, row.effect(chosen));
  }
  return effects;
}

function fatesOf([common = NO_EFFECT, ...own]: readonly Effect[]): readonly Fate[] {
  return own.map((effect) => fateOf(joined(common, effect)));
}

/** The fates, where every side is denied whatever the rest is. */
function settledFates({ mayGrant }: Level, effects: readonly Effect[], sides: number): readonly Fate[] | null {
  const [common = NO_EFFECT, ...own] = effects;
  for (let side = 0; side < sides; side++) {
    const all = joined(common, own[side] ?? NO_EFFECT);
    if (all.denial === null && (all.grants || mayGrant[side] === true)) return null;
  }
  return fatesOf([{ ...common, denial: "never" }, ...own]);
}

/** The denial, where no row that is left can change which it is. */
function settledDenial({ mayGrant, mayMissPerson }: Level, effects: readonly Effect[]): readonly Fate[] | null {
  const all = effects.reduce(joined);
  const settled =
    all.denial === "requester" || (!mayMissPerson && (all.grants ? all.denial === "never" : mayGrant[0] === false));
  return settled ? [toldFateOf(all)] : null;
}

/** No row of one side is left, and what the sides' own did comes to the same. */
function agree({ ownLeft }: Level, [common = NO_EFFECT, ...own]: readonly Effect[]): boolean {
  if (ownLeft) return false;
  const [first, ...others] = own.map((effect) => effectKey(joined(common, effect)));
  return others.every((other) => other === first);
}

function openClasses({ open }: Level, at: number, chosen: ReadonlyMap<number, number>): string {
  return open
    .map(({ reads, classOf }) =>
      reads.filter((facet) => facet < at).map((facet) => classOf(facet, chosen.get(facet) ?? 0)),
    )
    .join("|");
}

function record(walking: Walking, fates: readonly Fate[]): void {
  if (walking.cell.effort.left < 0) return;
  const keys = fates.map(fateKey);
  if (walking.options.differing === true && keys.every((key) => key === keys[0])) return;
  const key = keys.join(" / ");
  if (walking.found.has(key)) return;
  const found: Found = { fates, chosen: new Map(walking.chosen) };
  walking.found.set(key, found);
  if (walking.options.until?.(found) === true) walking.done = true;
}

function doubt(walking: Walking): string | null {
  const { cell, reached, done } = walking;
  if (done) return null;
  if (isSpent(walking)) return "too many cases";
  const read = new Set(cell.rows.flatMap(({ reads }) => [...reads]));
  const facet = cell.facets.find(({ inexact }, at) => inexact !== null && at < reached && read.has(at));
  return facet === undefined ? null : `not every case of \`${facet.key}\` can be told apart (${facet.inexact})`;
}
