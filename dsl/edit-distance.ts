/** How far two words are apart. */

/** Longer words are no slips of each other: nobody types them, and comparing them would take ever longer. */
const longest = 128;

/** Rows of the comparison, used again and again: a policy with mistakes compares words by the million. */
const rows = [new Uint16Array(longest + 1), new Uint16Array(longest + 1), new Uint16Array(longest + 1)] as const;

/**
 * Optimal string alignment: insertions, deletions and changes, and swaps of neighbours, each counting once. Something
 * beyond `most` where it is more than that, and infinity for what is longer than any word.
 */
export function editDistance(left: string, right: string, most: number): number {
  if (left.length > longest || right.length > longest) return left === right ? 0 : Number.POSITIVE_INFINITY;
  let [before, above, row] = rows;
  for (let j = 0; j <= right.length; j++) above[j] = j;
  let smallestAbove = 0;
  for (let i = 1; i <= left.length; i++) {
    const smallest = fillRow(row, above, before, { left, right, i });
    // A swap reaches back two rows, so one row beyond the bound alone doesn't end it.
    if (smallest > most && smallestAbove > most) return smallest;
    smallestAbove = smallest;
    [before, above, row] = [above, row, before];
  }
  return at(above, right.length);
}

interface Words {
  readonly left: string;
  readonly right: string;
  readonly i: number;
}

/** Fills the row of the first `i` letters of `left`; gives the smallest number in it. */
function fillRow(row: Uint16Array, above: Uint16Array, before: Uint16Array, { left, right, i }: Words): number {
  row[0] = i;
  let smallest = i;
  for (let j = 1; j <= right.length; j++) {
    const same = left.charCodeAt(i - 1) === right.charCodeAt(j - 1);
    let cost = Math.min(at(above, j) + 1, at(row, j - 1) + 1, at(above, j - 1) + (same ? 0 : 1));
    if (i > 1 && j > 1 && left.charCodeAt(i - 1) === right.charCodeAt(j - 2)) {
      const swapped = left.charCodeAt(i - 2) === right.charCodeAt(j - 1);
      if (swapped) cost = Math.min(cost, at(before, j - 2) + 1);
    }
    row[j] = cost;
    smallest = Math.min(smallest, cost);
  }
  return smallest;
}

function at(row: Uint16Array, index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
