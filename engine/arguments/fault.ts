/** Faults of arguments: where (a JSON pointer, RFC 6901) and what is wrong. Found bottom up, so pointers grow leftwards. */
import type { Fault } from "../remainder.ts";

export type { Fault };

/** More than these are not reported: the caller has enough to mend. */
export const MOST_FAULTS = 20;

export const NO_FAULTS: readonly Fault[] = Object.freeze([]);

export function fault(detail: string): readonly Fault[] {
  return [{ pointer: "", detail }];
}

/** The same faults, seen from the value that holds this key or index. */
export function below(key: string | number, faults: readonly Fault[]): readonly Fault[] {
  if (faults.length === 0) return NO_FAULTS;
  const step = typeof key === "number" ? `/${key}` : `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  return faults.map(({ pointer, detail }) => ({ pointer: step + pointer, detail }));
}

export function joinFaults(left: readonly Fault[], right: readonly Fault[]): readonly Fault[] {
  if (right.length === 0) return left;
  return left.length === 0 ? right : [...left, ...right].slice(0, MOST_FAULTS);
}
