/** Whether a row makes a difference beside others, for any request of a cell. */
import type { Cell, CellRow, Effort } from "../../analysis/space/cell.ts";
import { type Effect, fateKey, fateOf, joined, NO_EFFECT } from "../../analysis/space/effect.ts";
import type { SpaceRow } from "../../analysis/space/side.ts";
import { walk } from "../../analysis/space/walk.ts";

/** Null where it can't be told. */
export type Answer = boolean | null;

/** Nodes that one answer may visit, and looks at rows in cases that it may take. */
const MOST_NODES = 1000;
const MOST_LOOKS = 20_000;
const LEAST_LOOKS = 20;

/** Cases by facet: those that aren't named are as they usually are. */
export type Chosen = ReadonlyMap<number, number>;

/** `effort`: what may be spent on all answers of a policy; of what it takes the rest is left. */
export function differs(cell: Cell, effort: Effort, base: readonly CellRow[], added: CellRow): Answer {
  const difference = differenceOf(cell, effort, base, added);
  return typeof difference === "object" && difference !== null ? true : difference;
}

/** Cases in which something differs; false where there are none. */
export function differenceOf(
  cell: Cell,
  effort: Effort,
  base: readonly CellRow[],
  added: CellRow,
): Chosen | false | null {
  const [side] = cell.sides;
  const given = Math.min(effort.left, MOST_LOOKS);
  if (side === undefined || given <= 0) return null;
  cell.effort.left = given;
  const rows = [...base.map((row) => ({ ...row, side: null })), { ...added, side: 1 }];
  const order = [...added.reads, ...cell.facets.keys().filter((facet) => !added.reads.includes(facet))];
  const asked = inOrder({ ...cell, sides: [side, side], rows }, order);
  const { found, inexact } = walk(asked, { differing: true, until: () => true, budget: MOST_NODES });
  effort.left -= given - cell.effort.left + LEAST_LOOKS;
  const [first] = found;
  if (first !== undefined) return new Map(Array.from(first.chosen, ([at, one]) => [order[at] ?? at, one]));
  return inexact === null ? false : null;
}

/** Whether something differs in these cases. */
export function differsIn(
  chosen: Chosen,
  { cell, effort }: { readonly cell: Cell; readonly effort: Effort },
  base: readonly CellRow[],
  added: CellRow,
): boolean {
  cell.effort.left = MOST_LOOKS;
  const before = base.map((row) => row.effect(chosen)).reduce(joined, NO_EFFECT);
  const after = joined(before, added.effect(chosen));
  effort.left -= base.length;
  return cell.effort.left >= 0 && fateKey(fateOf(before)) !== fateKey(fateOf(after));
}

/** Where the row doesn't apply nothing differs, so what it reads is settled first. */
function inOrder(cell: Cell, order: readonly number[]): Cell {
  const place = new Map(order.map((facet, at) => [facet, at]));
  const original = (at: number): number => order[at] ?? at;
  const rows = cell.rows.map(
    (row): CellRow => ({
      ...row,
      reads: row.reads.map((facet) => place.get(facet) ?? facet).toSorted((a, b) => a - b),
      classOf: (at, chosen) => row.classOf(original(at), chosen),
      effect: (chosen) => row.effect(new Map(Array.from(chosen, ([at, one]) => [original(at), one]))),
    }),
  );
  return { ...cell, facets: order.flatMap((facet) => cell.facets[facet] ?? []), rows };
}

/** The row, with another effect wherever it takes part. */
export function having(row: CellRow, effect: (own: Effect) => Effect): CellRow {
  return {
    ...row,
    effect: (chosen) => {
      const own = row.effect(chosen);
      return own === NO_EFFECT ? NO_EFFECT : effect(own);
    },
  };
}

export function denying(row: CellRow): CellRow {
  return having(row, () => DENIES);
}

/** Of what it does only whether it grants. */
export function granting(row: CellRow): CellRow {
  return having(row, ({ grants }) => (grants ? GRANTS : NO_EFFECT));
}

const DENIES: Effect = { ...NO_EFFECT, denial: "never" };
const GRANTS: Effect = { ...NO_EFFECT, grants: true };

const GRANTING: SpaceRow = {
  kind: "rule",
  rule: null,
  limit: null,
  mayGrant: true,
  role: null,
  reads: { uses: [], local: new Map(), whole: new Set() },
  facets: [],
  meaning: "granted",
};

/** Grants whatever is asked. */
export const GRANTED: CellRow = { row: GRANTING, side: null, reads: [], classOf: () => "", effect: () => GRANTS };
