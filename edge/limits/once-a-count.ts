/** Two limits that differ in nothing but N share a count: it is added to once. */
import type { LimitRow } from "../../engine/index.ts";

/** The first of each count. */
export function onceACount<Item extends { readonly limit: Pick<LimitRow, "counter" | "key"> }>(
  items: readonly Item[],
): readonly Item[] {
  const counts = items.map(({ limit }) => `${limit.counter} ${limit.key}`);
  return items.filter((_, at) => counts.indexOf(counts[at] ?? "") === at);
}
