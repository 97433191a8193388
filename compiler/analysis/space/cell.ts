/**
 * One agent and one action, under one policy or two, made ready to be walked: the facets with their cases, each case
 * as the engine sees it, and each row as a table over the few facets that it reads.
 */
import type { Condition, JsonValue } from "../../../engine/index.ts";
import { type Effect, NO_EFFECT } from "./effect.ts";
import type { Case, Facet } from "./facet.ts";
import { facetsOfSides } from "./facets-of.ts";
import { type Probe, probeOf } from "./probe.ts";
import { type Ground, type Question, questionOf } from "./question.ts";
import type { Side, SpaceRow } from "./side.ts";
import type { TimeBounds } from "./time-cases.ts";

export interface Cell {
  readonly sides: readonly Side[];
  readonly ground: Ground;
  readonly facets: readonly Facet[];
  readonly rows: readonly CellRow[];
  /** The question of these cases, by facet; the others as they usually are. */
  readonly question: (chosen: ReadonlyMap<number, number>) => Question;
  /** What may still be spent on looking at rows; below zero what is told of them isn't to be relied on. */
  readonly effort: Effort;
}

export interface Effort {
  left: number;
}

/** Rows that may be looked at for one cell: each row in each question is one. */
export const CELL_EFFORT = 1_500_000;

/**
 * What was spent on it, when it was walked: making its values costs by the tests that these are held against.
 * @param given what its walk had to spend
 */
export function spentOn(cell: Cell, given = CELL_EFFORT): number {
  const uses = cell.sides.flatMap(({ rows }) => rows.flatMap(({ reads }) => reads.uses));
  const tests = uses.filter(({ what: { kind } }) => kind === "text" || kind === "texts").length;
  return given - cell.effort.left + Math.min(200 * tests * tests, CELL_EFFORT / 2);
}

export interface CellRow {
  readonly row: SpaceRow;
  /** 0 or 1; null where both sides have it. */
  readonly side: number | null;
  /** Positions of the facets that it reads, ascending. */
  readonly reads: readonly number[];
  /** Cases that are alike to the row have one class. */
  readonly classOf: (facet: number, chosen: number) => string;
  /** What it does, for cases of all facets that it reads. */
  readonly effect: (chosen: ReadonlyMap<number, number>) => Effect;
}

export function cellOf(sides: readonly Side[], ground: Ground, bounds: TimeBounds): Cell {
  const probes = sides.map(probeOf);
  const draft = facetsOfSides(sides, bounds);
  const usable = usableFacets(draft, sides, probes, ground);
  const ordered = inOrder(usable.facets, sides);
  const question = (chosen: ReadonlyMap<number, number>): Question => questionOf(ground, casesOf(ordered, chosen));
  const effort = { left: CELL_EFFORT };
  const shared = { sides, probes, facets: ordered, question, effort };
  return { sides, ground, facets: ordered, rows: rowsOf(shared, usable.refusals), question, effort };
}

function casesOf(facets: readonly Facet[], chosen: ReadonlyMap<number, number>): readonly Case[] {
  return facets.map(({ cases }, at) => cases[chosen.get(at) ?? 0] as Case);
}

/** Cases that a side refuses, by facet. */
type Refusals = readonly ReadonlySet<Case>[];

/** Without the values that no side takes; first of each facet stands one that all take, where there is one. */
function usableFacets(
  facets: readonly Facet[],
  sides: readonly Side[],
  probes: readonly Probe[],
  ground: Ground,
): { readonly facets: readonly Facet[]; readonly refusals: Refusals } {
  const refusals = sides.map(() => new Set<Case>());
  let current = facets;
  for (let round = 0; round < 2; round++) {
    for (const [at, facet] of current.entries()) {
      if (!facet.key.startsWith("args.")) continue;
      const pointer = `/${facet.key.slice(5).replaceAll("~", "~0").replaceAll("/", "~1")}`;
      for (const [side, probe] of probes.entries()) {
        for (const one of facet.cases) {
          const others = current.map((other, index) => (index === at ? one : (other.cases[0] as Case)));
          const faults = probe.faults(questionOf(ground, others)) ?? [];
          if (faults.some((fault) => fault === pointer || fault.startsWith(`${pointer}/`))) refusals[side]?.add(one);
          else refusals[side]?.delete(one);
        }
      }
    }
    current = current.map((facet) => withGoodFirst(facet, refusals));
  }
  return { facets: current, refusals };
}

function withGoodFirst(facet: Facet, refusals: Refusals): Facet {
  const badness = (one: Case): number => refusals.filter((refused) => refused.has(one)).length;
  const kept = facet.cases.filter((one) => badness(one) < refusals.length);
  if (kept.length === 0) return facet;
  const lost = kept.length < facet.cases.length && facet.inexact === null && hasText(facet);
  const best = kept.find((one) => badness(one) === 0) ?? kept[0];
  const cases = best === undefined ? kept : [best, ...kept.filter((one) => one !== best)];
  return { ...facet, cases, inexact: lost ? "values that the type refuses" : facet.inexact };
}

/** Of numbers nothing is lost by leaving out what is out of bounds; a text may have had a sound sibling. */
function hasText({ cases }: Facet): boolean {
  return cases.some(({ arg }) => arg?.value !== undefined && holdsText(arg.value));
}

function holdsText(value: JsonValue): boolean {
  if (typeof value === "string") return !/^[0-9.-]+$/.test(value);
  return typeof value === "object" && value !== null && Object.values(value).some(holdsText);
}

/** Facets of rows that only one side has come first: where those agree, nothing else has to be looked at. */
function inOrder(facets: readonly Facet[], sides: readonly Side[]): readonly Facet[] {
  const meanings = sides.map((side) => new Set(side.rows.map(({ meaning }) => meaning)));
  const rows = sides.flatMap((side) => side.rows);
  const own = rows.filter(({ meaning }) => !meanings.every((set) => set.has(meaning)));
  const rank = (facet: Facet): number => {
    if (own.some((row) => row.facets.includes(facet.key))) return 0;
    return rows.some((row) => row.facets.includes(facet.key)) ? 1 : 2;
  };
  return facets.toSorted((a, b) => rank(a) - rank(b) || a.cases.length - b.cases.length);
}

interface Shared {
  readonly sides: readonly Side[];
  readonly probes: readonly Probe[];
  readonly facets: readonly Facet[];
  readonly question: Cell["question"];
  readonly effort: Effort;
}

function rowsOf(shared: Shared, refusals: Refusals): readonly CellRow[] {
  const { sides } = shared;
  const [first, second] = sides;
  const common = new Set(second?.rows.map(({ meaning }) => meaning) ?? []);
  const both = new Set(
    second === undefined ? [] : first?.rows.map(({ meaning }) => meaning).filter((one) => common.has(one)),
  );
  return sides.flatMap((side, at) => {
    const tables = rowTables(shared, at);
    const rows = side.rows.flatMap((row, position): readonly CellRow[] => {
      if (both.has(row.meaning)) return at === 0 ? [{ ...tables(row, position), side: null }] : [];
      return [{ ...tables(row, position), side: at }];
    });
    return [...rows, ...refusalRows(shared, at, refusals[at] ?? new Set())];
  });
}

/** Rows as tables: every question to the engine answers for all rows of the side at once. */
function rowTables(
  { sides, probes, facets, question, effort }: Shared,
  side: number,
): (row: SpaceRow, at: number) => CellRow {
  const probe = probes[side] as Probe;
  const asked = new Map<string, readonly Effect[]>();
  return (row, position) => {
    const reads = facets.flatMap((facet, at) => (row.facets.includes(facet.key) ? [at] : []));
    const classOf = classes(row, facets, question, probe, effort);
    const known = new Map<string, Effect>();
    const effect = (chosen: ReadonlyMap<number, number>): Effect => {
      const key = reads.map((at) => classOf(at, chosen.get(at) ?? 0)).join(" ");
      const found = known.get(key);
      if (found !== undefined) return found;
      const only = new Map(reads.map((at) => [at, chosen.get(at) ?? 0]));
      if (effort.left < 0) return DENIES;
      const askedKey = JSON.stringify([...only]);
      if (!asked.has(askedKey)) effort.left -= 4 * (sides[side]?.rows.length ?? 0);
      const effects = asked.get(askedKey) ?? probe.effects(question(only)) ?? [];
      asked.set(askedKey, effects);
      const result = effects[position] ?? DENIES;
      known.set(key, result);
      return result;
    };
    return { row, side, reads, classOf, effect };
  };
}

const DENIES: Effect = { ...NO_EFFECT, denial: "never" };

/** A facet that the row reads by conditions of its own has as many classes as these have truths together. */
function classes(
  row: SpaceRow,
  facets: readonly Facet[],
  question: Cell["question"],
  probe: Probe,
  effort: Effort,
): CellRow["classOf"] {
  const known = new Map<string, string>();
  return (facet, chosen) => {
    const key = `${facet} ${chosen}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const conditions = localConditions(row, facets[facet]?.key ?? "");
    if (effort.left < 0) return String(chosen);
    effort.left -= 20;
    const result =
      conditions === null ? String(chosen) : probe.truths(question(new Map([[facet, chosen]])), conditions);
    known.set(key, result);
    return result;
  };
}

/** Null where the row reads the facet in some other way too. */
function localConditions({ reads }: SpaceRow, facet: string): readonly Condition[] | null {
  return reads.whole.has(facet) ? null : (reads.local.get(facet) ?? null);
}

/** What one side refuses and the other takes: a row that denies. */
function refusalRows({ facets, sides }: Shared, side: number, refused: ReadonlySet<Case>): readonly CellRow[] {
  if (sides.length < 2) return [];
  return facets.flatMap(({ cases }, at) => {
    if (!cases.some((one) => refused.has(one))) return [];
    const isRefused = (chosen: number): boolean => refused.has(cases[chosen] as Case);
    return [
      {
        row: REFUSAL,
        side,
        reads: [at],
        classOf: (_: number, chosen: number) => String(isRefused(chosen)),
        effect: (chosen: ReadonlyMap<number, number>) => (isRefused(chosen.get(at) ?? 0) ? DENIES : NO_EFFECT),
      },
    ];
  });
}

const REFUSAL: SpaceRow = {
  kind: "requester",
  rule: null,
  limit: null,
  mayGrant: false,
  role: null,
  reads: { uses: [], local: new Map(), whole: new Set() },
  facets: [],
  meaning: "refused",
};
