/** Three-valued logic after Kleene (docs/language.md, "Conditions"). An unknown remembers which facts were missing. */

export interface Unknown {
  readonly unknown: readonly string[];
}

export type Truth = boolean | Unknown;

export function unknown(...facts: readonly string[]): Unknown {
  return { unknown: [...new Set(facts)].toSorted() };
}

export function isUnknown(value: unknown): value is Unknown {
  return typeof value === "object" && value !== null && "unknown" in value;
}

export function not(truth: Truth): Truth {
  return isUnknown(truth) ? truth : !truth;
}

/** False as soon as one is false, whatever the others are. Of nothing: true. */
export function and(truths: readonly Truth[]): Truth {
  if (truths.some((truth) => truth === false)) return false;
  const missing = truths.filter(isUnknown);
  return missing.length === 0 ? true : unknown(...missing.flatMap((truth) => truth.unknown));
}

/** True as soon as one is true, whatever the others are. Of nothing: false. */
export function or(truths: readonly Truth[]): Truth {
  return not(and(truths.map(not)));
}
