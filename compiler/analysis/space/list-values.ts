/**
 * Lists as sets of kinds of elements. What k tests over all elements say of a list, they say of a part of it with at
 * most k elements: of each test one element that decides it. So no longer sets are needed, only longer lists.
 */
import type { ParamType } from "../../../engine/index.ts";
import { below, own, type PathUse, pointsIn, type Value, type Values } from "./value.ts";

const MOST_LISTS = 600;

export function listValues(
  { min, max }: Extract<ParamType, { kind: "list" }>,
  uses: readonly PathUse[],
  valuesOf: (elements: readonly PathUse[]) => Values,
): Values {
  const elementUses = below(uses, "*");
  const elements = valuesOf(elementUses);
  const tests = own(uses).filter(({ kind }) => kind === "elements").length;
  // Without a test over the elements only their number or a resource can be read.
  const most = elementUses.length === 0 ? 1 : Math.max(2, tests);
  const { sets, cut } = subsets(elements.values, Math.min(most, max));
  const sizes = sizesOf(below(uses, "size"), min, max);
  const lists = sets.flatMap((set) => sizes.flatMap((size) => fill(set, size)));
  const empty: readonly Value[] = min === 0 ? [{ value: [], said: [] }] : [];
  const opaque = uses.some(
    ({ path: [name], what: { kind } }) =>
      (name !== undefined && name !== "*" && name !== "size") ||
      (name === undefined && (kind === "opaque" || kind === "detects" || kind === "linked" || kind === "said")),
  );
  return {
    values: [...lists, ...empty],
    inexact: cut ? "a list with many kinds of elements" : opaque ? "a test on a list" : elements.inexact,
  };
}

/** Sets of one to `most` elements, small ones first. */
function subsets(elements: readonly Value[], most: number): { sets: readonly (readonly Value[])[]; cut: boolean } {
  const sets: (readonly Value[])[] = [];
  let layer: readonly { readonly set: readonly Value[]; readonly next: number }[] = [{ set: [], next: 0 }];
  for (let size = 1; size <= most && layer.length > 0; size++) {
    layer = layer.flatMap(({ set, next }) =>
      elements.slice(next).map((element, at) => ({ set: [...set, element], next: next + at + 1 })),
    );
    sets.push(...layer.map(({ set }) => set));
    if (sets.length > MOST_LISTS) return { sets: sets.slice(0, MOST_LISTS), cut: true };
  }
  return { sets, cut: false };
}

interface Sizes {
  readonly from: number;
  readonly to: number;
}

function sizesOf(uses: readonly PathUse[], min: number, max: number): readonly Sizes[] {
  const points = pointsIn(uses.map(({ what }) => what)).map((point) => Number(point / 1_000_000n));
  const least = Math.max(1, min);
  const starts = [...new Set([least, ...points.flatMap((point) => [point, point + 1])])]
    .filter((start) => start >= least && start <= max)
    .toSorted((a, b) => a - b);
  return starts.map((from, at) => ({ from, to: (starts[at + 1] ?? max + 1) - 1 }));
}

/** The elements, the first of them repeated until there are enough; none where there are too many. */
function fill(set: readonly Value[], { from, to }: Sizes): readonly Value[] {
  if (set.length > to) return [];
  const [first] = set;
  const missing = first === undefined ? 0 : Math.max(0, from - set.length);
  const all = [...set, ...Array.from({ length: missing }, () => first as Value)];
  return [{ value: all.map(({ value }) => value ?? null), said: set.flatMap(({ said }) => [...said]) }];
}
