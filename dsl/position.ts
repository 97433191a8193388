/** Offsets to lines and columns. */

interface Indexed {
  readonly text: string;
  readonly starts: readonly number[];
}

// The rows of a table ask for thousands of positions in one text after the other.
let indexed: Indexed = { text: "", starts: [0] };

/** Line and column of a UTF-16 offset, both from 1, the column in UTF-16 units. `\n`, `\r\n` and a lone `\r` end a line. */
export function positionOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const { starts } = indexOf(text);
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

/** The text of a line (from 1) without its end, and where it starts. */
export function lineAt(text: string, line: number): { readonly text: string; readonly start: number } {
  const { starts } = indexOf(text);
  const start = starts[line - 1] ?? text.length;
  return { text: text.slice(start, starts[line] ?? text.length).replace(/[\r\n]+$/, ""), start };
}

function indexOf(text: string): Indexed {
  if (indexed.text === text) return indexed;
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  indexed = { text, starts };
  return indexed;
}
