/** Faults of arguments: where (a JSON pointer, RFC 6901) and what is wrong. Found bottom up, so pointers grow leftwards. */
import type { Fault } from "../remainder.ts";

export type { Fault };

/** More than these are not reported: the caller has enough to mend. */
export const MOST_FAULTS = 20;

export const NO_FAULTS: readonly Fault[] = Object.freeze([]);

/** What a check finds: a detail about the value itself, or the faults of parts of it. Never an empty list. */
export type Problem = string | readonly Fault[];

/** The faults as the holder of the value sees them, with the value's key or index in front. */
export function below(key: string | number, problem: Problem): readonly Fault[] {
  const step = typeof key === "number" ? `/${key}` : `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  if (typeof problem === "string") return [{ pointer: step, detail: problem }];
  return problem.map(({ pointer, detail }) => ({ pointer: step + pointer, detail }));
}

/** Null where nothing was found. */
export function problemOf(faults: readonly Fault[]): Problem | null {
  return faults.length === 0 ? null : faults.slice(0, MOST_FAULTS);
}
