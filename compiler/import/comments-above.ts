/** The comments that belong to a declaration: the lines right above it, without a blank line between. */

export interface CommentsAbove {
  readonly start: number;
  readonly end: number;
  /** Trimmed. */
  readonly lines: readonly string[];
  /** Something else stands before the declaration on its line. */
  readonly sharesLine: boolean;
}

export function commentsAbove(text: string, offset: number): CommentsAbove {
  const end = text.lastIndexOf("\n", offset - 1) + 1;
  // Then nothing above is its own.
  if (text.slice(end, offset).trim() !== "") return { start: offset, end: offset, lines: [], sharesLine: true };
  const lines: string[] = [];
  let start = end;
  while (start > 0) {
    const from = text.lastIndexOf("\n", start - 2) + 1;
    const line = text.slice(from, start).trim();
    if (!line.startsWith("//")) break;
    lines.unshift(line);
    start = from;
  }
  return { start, end, lines, sharesLine: false };
}
