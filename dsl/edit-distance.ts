/** How far two words are apart. */

/**
 * Optimal string alignment: insertions, deletions and changes, and swaps of neighbours, each counting once. Something
 * beyond `most` where it is more than that.
 */
export function editDistance(left: string, right: string, most: number): number {
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
