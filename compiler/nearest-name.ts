/** Finds the name that was probably meant. */

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

/** Optimal string alignment distance; something beyond `most` where it is more than that. */
function editDistance(left: string, right: string, most: number): number {
  let before: number[] = [];
  let above = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    let smallest = i;
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1];
      let cost = Math.min(at(above, j) + 1, at(row, j - 1) + 1, at(above, j - 1) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      if (swapped) cost = Math.min(cost, at(before, j - 2) + 1);
      row.push(cost);
      smallest = Math.min(smallest, cost);
    }
    // A swap reaches back two rows, so one row beyond the bound alone doesn't end it.
    if (smallest > most && Math.min(...above) > most) return smallest;
    before = above;
    above = row;
  }
  return at(above, right.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
