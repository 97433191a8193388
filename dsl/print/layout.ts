/** Rows to text: comments and blank lines put back where they stood, columns made even. */
import type { Comment } from "../ast.ts";
import type { Row } from "./row.ts";

/** A declaration's rows. */
export type Piece = readonly Row[];

/** A row among all rows, with the comments that go with it. */
interface Placed {
  readonly row: Row;
  readonly above: readonly Comment[];
  readonly trailing: Comment | null;
}

/** A line of the result before its columns are made even. */
interface Line {
  readonly indent: number;
  readonly cells: readonly string[];
  /** Lines of one group stand in columns. */
  readonly group: string | null;
  readonly trailing: string | null;
  blankAbove: boolean;
}

const widestCell = 84;

export function layOut(pieces: readonly Piece[], comments: readonly Comment[], blanks: readonly number[]): string {
  const { placed, left } = placeComments(pieces.flat(), comments);
  const walk = { blanks, blank: 0 };
  const lines: Line[] = [];
  let taken = 0;
  let run = 0;
  for (const [index, piece] of pieces.entries()) {
    const before = pieces[index - 1];
    const above = lines.length;
    const apart = before !== undefined && (piece.length > 1 || before.length > 1);
    const block = placed.slice(taken, taken + piece.length).flatMap((item) => linesOf(item, walk));
    taken += piece.length;
    const lead = block.slice(0, 1 + (placed[taken - piece.length]?.above.length ?? 0));
    if (apart && lead[0] !== undefined && !lead.some((line) => line.blankAbove)) lead[0].blankAbove = true;
    if (apart || lead.some((line) => line.blankAbove) || before?.[0]?.group !== piece[0]?.group) run++;
    for (const line of block) lines.push(line.group === null ? line : { ...line, group: `${run} ${line.group}` });
    keepBlocksTight(lines, above);
  }
  for (const comment of left) lines.push(commentLine(comment, 0, takeBlanks(walk, comment.span.start)));
  return evenOut(lines);
}

// -- comments ---------------------------------------------------------------------------------------------------

/** Gives each comment to the row that it stands above, in, or behind. */
function placeComments(
  rows: readonly Row[],
  comments: readonly Comment[],
): { placed: Placed[]; left: readonly Comment[] } {
  let at = 0;
  const placed = rows.map((row, index): Placed => {
    const next = rows[index + 1]?.start ?? Infinity;
    const from = at;
    // Inside a row is no place on its one line, so those go above it too.
    const until = Math.max(row.start, Math.min(row.end, next));
    while ((comments[at]?.span.start ?? Infinity) < until) at++;
    const above = comments.slice(from, at);
    const behind = comments[at];
    const trails = behind?.trailing === true && behind.span.start >= row.end && behind.span.start < next;
    if (trails) at++;
    return { row, above, trailing: trails ? behind : null };
  });
  return { placed: aboveDocs(placed), left: comments.slice(at) };
}

/** What stood inside a documented row goes above its documentation, where it also stands when it is read again. */
function aboveDocs(placed: readonly Placed[]): Placed[] {
  const moved = [...placed];
  for (let index = moved.length - 1; index > 0; index--) {
    const [before, item] = [moved[index - 1], moved[index]];
    if (before === undefined || item === undefined || item.above.length === 0 || !isDoc(before.row)) continue;
    moved[index] = { ...item, above: [] };
    moved[index - 1] = { ...before, above: [...before.above, ...item.above] };
  }
  return moved;
}

function isDoc({ cells, start, end }: Row): boolean {
  return start === end && cells[0]?.startsWith("///") === true;
}

function linesOf({ row, above, trailing }: Placed, walk: BlankWalk): Line[] {
  const { indent, cells, group } = row;
  const comments = above.map((comment) =>
    commentLine(comment, indent + (row.closes ? 1 : 0), takeBlanks(walk, comment.span.start)),
  );
  const blankAbove = takeBlanks(walk, row.start) && !row.closes;
  const line: Line = { indent, cells, group, trailing: trailing === null ? null : `//${trailing.text}`, blankAbove };
  // Blank lines inside a row are gone with its line ends.
  takeBlanks(walk, row.end);
  return [...comments, line];
}

function commentLine(comment: Comment, indent: number, blankAbove: boolean): Line {
  return { indent, cells: [`//${comment.text}`], group: null, trailing: null, blankAbove };
}

// -- blank lines ------------------------------------------------------------------------------------------------

interface BlankWalk {
  readonly blanks: readonly number[];
  blank: number;
}

/** Whether blank lines stand before the offset that weren't passed yet. */
function takeBlanks(walk: BlankWalk, before: number): boolean {
  const from = walk.blank;
  while ((walk.blanks[walk.blank] ?? Infinity) < before) walk.blank++;
  return walk.blank > from;
}

/** No blank line opens a file or a block. */
function keepBlocksTight(lines: readonly Line[], from: number): void {
  for (const [index, line] of lines.slice(from).entries()) {
    const before = lines[from + index - 1];
    const opens = before === undefined || (before.indent < line.indent && /[{([]$/.test(before.cells.at(-1) ?? ""));
    if (opens) line.blankAbove = false;
  }
}

// -- columns ----------------------------------------------------------------------------------------------------

function evenOut(lines: readonly Line[]): string {
  const widths = cellWidths(lines);
  const texts = lines.map((line) => textOf(line, widths));
  const columns = new Map<string | null, number>();
  for (const [index, { group, trailing }] of lines.entries()) {
    if (group === null || trailing === null) continue;
    columns.set(group, Math.max(columns.get(group) ?? 0, texts[index]?.length ?? 0));
  }
  return lines
    .map(({ group, trailing, blankAbove }, index) => {
      const text = texts[index] ?? "";
      const full =
        trailing === null ? text : `${text.padEnd(group === null ? 0 : (columns.get(group) ?? 0))}  ${trailing}`;
      return `${blankAbove ? "\n" : ""}${full}\n`;
    })
    .join("");
}

/** For each group the widths of all its cells but the last; a very wide one isn't a measure for the others. */
function cellWidths(lines: readonly Line[]): Map<string, number[]> {
  const widths = new Map<string, number[]>();
  for (const { group, cells } of lines) {
    if (group === null) continue;
    const known = widths.get(group) ?? [];
    widths.set(group, known);
    for (const [index, cell] of cells.slice(0, -1).entries()) {
      if (cell.length <= widestCell) known[index] = Math.max(known[index] ?? 0, cell.length);
    }
  }
  return widths;
}

function textOf({ group, cells, indent }: Line, widths: ReadonlyMap<string, readonly number[]>): string {
  const known = group === null ? [] : (widths.get(group) ?? []);
  const padded = cells.map((cell, index) => (index < cells.length - 1 ? cell.padEnd(known[index] ?? 0) : cell));
  return "  ".repeat(indent) + padded.join(" ");
}
