/** One value that a part of a request can have, with what others say about the texts in it. */
import type { JsonValue } from "../../../engine/index.ts";
import type { What } from "./use.ts";

export interface Value {
  /** Undefined: left out. */
  readonly value: JsonValue | undefined;
  readonly said: readonly Said[];
}

export interface Said {
  readonly by: "task" | `live ${string}`;
  readonly text: string;
}

export interface Values {
  readonly values: readonly Value[];
  /** Why some value may be missing; null where none is. */
  readonly inexact: string | null;
}

/** A use below the value at hand. */
export interface PathUse {
  readonly path: readonly string[];
  readonly what: What;
}

export function plain(value: JsonValue | undefined): Value {
  return { value, said: [] };
}

/** A value of a text or number type as text. */
export function textOf({ value }: Value): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** The uses of the value itself. */
export function own(uses: readonly PathUse[]): readonly What[] {
  return uses.filter(({ path }) => path.length === 0).map(({ what }) => what);
}

/** The uses below one field or member. */
export function below(uses: readonly PathUse[], name: string): readonly PathUse[] {
  return uses.filter(({ path }) => path[0] === name).map(({ path, what }) => ({ path: path.slice(1), what }));
}

export function pointsIn(uses: readonly What[]): readonly bigint[] {
  return uses.flatMap((what) => (what.kind === "points" ? what.points : []));
}

export function isLinked(uses: readonly PathUse[]): boolean {
  return uses.some(({ what }) => what.kind === "linked");
}

/** Every combination of one from each list; the first `most` of them. */
export function product<Item>(lists: readonly (readonly Item[])[], most: number): { all: Item[][]; cut: boolean } {
  let all: Item[][] = [[]];
  let cut = false;
  for (const list of lists) {
    all = all.flatMap((row) => list.map((item) => [...row, item]));
    if (all.length > most) {
      all = all.slice(0, most);
      cut = true;
    }
  }
  return { all, cut };
}
