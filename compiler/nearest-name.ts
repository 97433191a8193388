/** Finds the name that was probably meant. */
import { editDistance } from "../dsl/index.ts";

/**
 * The candidate nearest to `name`, or null where none is near enough to be a slip of the fingers: at most a third of
 * the letters differ, or `most` of them (Levenshtein, a swap of neighbours counting once). Ties go to the first in
 * alphabetical order.
 */
export function nearestName(
  name: string,
  candidates: Iterable<string>,
  most = Math.max(1, Math.floor(name.length / 3)),
): string | null {
  const wanted = name.toLowerCase();
  let best: string | null = null;
  let least = most;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) > least) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), least);
    if (distance > least || (distance === least && best !== null && best <= candidate)) continue;
    least = distance;
    best = candidate;
  }
  return best;
}
