/** Draws from fast-check one value at a time, so that policies can be written as text while they are being chosen. */
import * as fc from "fast-check";

export interface Choice {
  /** True once in `n`. */
  oneIn(n: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Between `min` and `max` of the items, in any order, none twice. */
  some<T>(items: readonly T[], min: number, max: number): readonly T[];
  upTo(max: number): number;
}

export type Draw = fc.GeneratorValue;

export function choiceOf(draw: Draw): Choice {
  const upTo = (max: number): number => draw(fc.nat, { max });
  const pick = <T>(items: readonly T[]): T => {
    const item = items[upTo(items.length - 1)];
    if (item === undefined) throw new Error("nothing to choose from");
    return item;
  };
  return {
    upTo,
    pick,
    // Draws lean towards both ends, so the one that counts lies between.
    oneIn: (n) => upTo(n - 1) === Math.floor(n / 2),
    some: (items, min, max) => {
      const left = [...items];
      const size = Math.min(items.length, min + upTo(Math.max(0, max - min)));
      return Array.from({ length: size }, () => left.splice(upTo(left.length - 1), 1)).flat();
    },
  };
}
