/** How wide each column of the text is, and which columns stand beside one another. */

export const GAP = "  ";

/** Wider than this no column has to be: longer words are broken rather than taking the place of other agents. */
const WIDEST_LEAST = 28;

export interface Need {
  /** Below it a word would be broken. */
  readonly least: number;
  /** More than this is of no use. */
  readonly full: number;
}

export interface Column {
  /** Index of the agent. */
  readonly agent: number;
  readonly width: number;
}

/**
 * Columns in bands of no more than `room` characters. Bands are as few as can be and alike in size, and what is left
 * of the room goes to the columns whose cells it saves from being broken.
 */
export function columnsOf(needs: readonly Need[], room: number): readonly (readonly Column[])[] {
  if (needs.length === 0) return [];
  const widest = Math.max(GAP.length, room - GAP.length);
  const bounded = needs.map(({ least, full }) => ({
    least: Math.min(least, WIDEST_LEAST, widest),
    full: Math.min(full, widest),
  }));
  const narrowest = Math.max(1, ...bounded.map((need) => need.least)) + GAP.length;
  const most = Math.max(1, Math.floor(room / narrowest));
  const size = Math.ceil(needs.length / Math.ceil(needs.length / most));
  return Array.from({ length: Math.ceil(needs.length / size) }, (_, band) => {
    const here = bounded.slice(band * size, (band + 1) * size);
    return widths(here, room - here.length * GAP.length).map((width, index) => ({ agent: band * size + index, width }));
  });
}

/** Every column has its least; the rest is dealt out one character at a time to those that can still use one. */
function widths(needs: readonly Need[], room: number): readonly number[] {
  const found = needs.map((need) => need.least);
  let left = room - found.reduce((sum, width) => sum + width, 0);
  while (left > 0) {
    const short = needs.flatMap((need, index) => ((found[index] ?? 0) < need.full ? [index] : []));
    if (short.length === 0) break;
    for (const index of short.slice(0, left)) {
      found[index] = (found[index] ?? 0) + 1;
      left -= 1;
    }
  }
  return found;
}
