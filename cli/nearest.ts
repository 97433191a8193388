/** `did you mean …`, for names that a person typed. */

/** The closest name within two typing mistakes (or a third of the word), else the list of names; null without any. */
export function nearest(typed: string, names: readonly string[]): string | null {
  const ranked = names
    .map((name) => ({ name, distance: distance(typed.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
  const best = ranked[0];
  if (best === undefined) return null;
  if (best.distance <= Math.max(2, Math.floor(typed.length / 3))) return `did you mean \`${best.name}\`?`;
  const shown = names.slice(0, 12).map((name) => `\`${name}\``);
  return `there is ${shown.join(", ")}${names.length > shown.length ? ", …" : ""}`;
}

/** Levenshtein's, one row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
