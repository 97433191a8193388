/** Lists that are sets: neither order nor repetition means anything, so both leave no trace in the table. */

/** Sorted by their JSON, each once. */
export function sortedSet<Item>(items: readonly Item[]): readonly Item[] {
  // Most lists have one item, and writing it as JSON would cost more than all the rest.
  if (items.length < 2) return items;
  const byText = new Map(items.map((item) => [JSON.stringify(item), item]));
  return [...byText].toSorted(([left], [right]) => compareText(left, right)).map(([, item]) => item);
}

/** By UTF-16 units: no locale has a say in the order of a table. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
