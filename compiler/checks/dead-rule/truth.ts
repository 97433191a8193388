/** Three values as numbers, so that `and` is the smaller, `or` the larger and `not` the mirror (Kleene). */

export const FALSE = 0;
export const UNKNOWN = 1;
export const TRUE = 2;

export type Truth = 0 | 1 | 2;

/**
 * Something that the request, the session or the clock decides and the table doesn't: it takes one of `size` values.
 * Formulas that speak of the same thing share the variable, so that `when c` and `unless c` can't both be true.
 */
export interface Variable {
  readonly size: number;
}

export type Formula =
  | { readonly op: "constant"; readonly truth: Truth }
  | { readonly op: "and" | "or"; readonly of: readonly Formula[] }
  | { readonly op: "not"; readonly of: Formula }
  /** The truth for each value of the variable. */
  | { readonly op: "atom"; readonly variable: Variable; readonly truth: (value: number) => Truth };

export const ALWAYS: Formula = { op: "constant", truth: TRUE };
export const NEVER: Formula = { op: "constant", truth: FALSE };

export function evaluate(formula: Formula, values: ReadonlyMap<Variable, number>): Truth {
  switch (formula.op) {
    case "constant":
      return formula.truth;
    case "not":
      return mirror(evaluate(formula.of, values));
    case "atom":
      return formula.truth(values.get(formula.variable) ?? 0);
    case "and":
      return formula.of.reduce<Truth>((truth, part) => least(truth, evaluate(part, values)), TRUE);
    case "or":
      return formula.of.reduce<Truth>((truth, part) => most(truth, evaluate(part, values)), FALSE);
  }
}

/** Every truth that the formula could have if its parts had nothing to do with each other: never too few. */
export function possible(formula: Formula): ReadonlySet<Truth> {
  switch (formula.op) {
    case "constant":
      return new Set([formula.truth]);
    case "not":
      return new Set([...possible(formula.of)].map(mirror));
    case "atom":
      return new Set(Array.from({ length: formula.variable.size }, (_, value) => formula.truth(value)));
    case "and":
      return formula.of.reduce((truths, part) => combine(truths, possible(part), least), new Set<Truth>([TRUE]));
    case "or":
      return formula.of.reduce((truths, part) => combine(truths, possible(part), most), new Set<Truth>([FALSE]));
  }
}

/** The variables that the formula reads. */
export function variablesOf(formula: Formula): readonly Variable[] {
  if (formula.op === "atom") return [formula.variable];
  if (formula.op === "constant") return [];
  return formula.op === "not" ? variablesOf(formula.of) : formula.of.flatMap(variablesOf);
}

const mirror = (truth: Truth): Truth => (2 - truth) as Truth;
const least = (a: Truth, b: Truth): Truth => (a < b ? a : b);
const most = (a: Truth, b: Truth): Truth => (a > b ? a : b);

function combine(a: ReadonlySet<Truth>, b: ReadonlySet<Truth>, join: (a: Truth, b: Truth) => Truth): Set<Truth> {
  return new Set([...a].flatMap((x) => [...b].map((y) => join(x, y))));
}
