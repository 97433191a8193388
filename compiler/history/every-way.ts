/** Whether something that isn't known matters: by trying it in every way. */

/** Says whether the unknown is so; the same name is the same unknown. */
export type Suppose = (unknown: string) => boolean;

export type EveryWay<T> =
  | { readonly settled: true; readonly value: T }
  /** What it hangs on. */
  | { readonly settled: false; readonly unknown: readonly string[] };

export function hangsOn(unknown: readonly string[]): string {
  return `hangs on ${[...unknown].toSorted().join(", ")}`;
}

/** With more ways than these it is taken to matter. */
const MOST_WAYS = 64;

/**
 * Runs for every way in which what it asks about may be, and settles when all of them come to the same.
 * @param run without effect; asks only about what it needs, the same again for the same answers
 */
export function everyWay<T>(run: (suppose: Suppose) => T, same: (one: T, other: T) => boolean): EveryWay<T> {
  const waiting: (readonly (readonly [string, boolean])[])[] = [[]];
  const unknown = new Set<string>();
  let first: { readonly value: T } | null = null;
  for (let ways = 0; ; ways++) {
    const supposed = waiting.pop();
    if (supposed === undefined) break;
    const answers = new Map(supposed);
    const value = run((name) => {
      const known = answers.get(name);
      if (known !== undefined) return known;
      waiting.push([...answers, [name, true]]);
      answers.set(name, false);
      unknown.add(name);
      return false;
    });
    if (ways >= MOST_WAYS || (first !== null && !same(first.value, value)))
      return { settled: false, unknown: [...unknown] };
    first ??= { value };
  }
  if (first === null) throw new Error("nothing was tried");
  return { settled: true, value: first.value };
}
