/** Rows of cells as aligned lines: text to the left, numbers to the right. */
export function alignedLines(rows: readonly (readonly string[])[], textColumns: number): readonly string[] {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  const cell = (text: string, at: number): string => {
    const width = widths[at] ?? 0;
    return at < textColumns ? text.padEnd(width) : text.padStart(width);
  };
  return rows.map((row) => row.map(cell).join("  ").trimEnd());
}
