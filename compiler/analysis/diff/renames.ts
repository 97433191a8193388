/** Which of the names that are gone and those that are new are two names of one thing. */

/** What a name stands for, beside its name. */
export interface Meaning {
  /** Of two that are the same nothing else differs. */
  readonly content: string;
  /** Where it is used; null where that says nothing. */
  readonly use: string | null;
  /** What it is made of, roughly. */
  readonly parts: readonly string[];
}

/** New name to old name. */
export type Renames = ReadonlyMap<string, string>;
export type Meanings = ReadonlyMap<string, Meaning>;

/** First whatever is the same; then what stands in the same places, and is made of the same for at least a half. */
export function renames(before: Meanings, after: Meanings): Renames {
  const gone = [...before].filter(([name]) => !after.has(name));
  const come = [...after].filter(([name]) => !before.has(name));
  const same = pairs(gone, come, (old, now) => old.content === now.content);
  const taken = new Set(same.values());
  const changed = pairs(
    gone.filter(([name]) => !taken.has(name)),
    come.filter(([name]) => !same.has(name)),
    (old, now) => old.use !== null && old.use === now.use && areAlike(old, now),
  );
  return new Map([...same, ...changed]);
}

type Named = readonly [name: string, meaning: Meaning];

/** Only where it is plain which belongs to which. */
function pairs(
  gone: readonly Named[],
  come: readonly Named[],
  fits: (old: Meaning, now: Meaning) => boolean,
): Map<string, string> {
  return new Map(
    come.flatMap(([name, now]): readonly (readonly [string, string])[] => {
      const [first, ...others] = gone.filter(([, old]) => fits(old, now));
      if (first === undefined || others.length > 0) return [];
      const rivals = come.filter(([, other]) => fits(first[1], other));
      return rivals.length === 1 ? [[name, first[0]]] : [];
    }),
  );
}

function areAlike(one: Meaning, other: Meaning): boolean {
  const shared = one.parts.filter((part) => other.parts.includes(part)).length;
  return 2 * shared >= Math.max(one.parts.length, other.parts.length);
}
