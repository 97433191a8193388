/** One source line with marks under it, cropped to the width. */
import { lineAt, positionOf } from "../position.ts";
import { columnsOf, glyphOf, visible } from "./visible.ts";
import { wrap } from "./wrap.ts";

/** Part of a line to mark; offsets in the source. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly label: string | null;
  /** `^` under what is wrong, `-` under what it has to do with. */
  readonly sign: "^" | "-";
}

export interface Snippet {
  readonly line: number;
  /** The source line as shown. */
  readonly text: string;
  /** The lines below it: where the signs stand and what they are. */
  readonly below: readonly {
    readonly indent: number;
    readonly signs: string;
    readonly label: string;
    readonly mark: Mark;
  }[];
}

const ellipsis = "…";
const narrowest = 20;

/** A line and its marks, all of which begin in it, within so many columns. */
export function snippetOf(source: string, marks: readonly Mark[], available: number): Snippet {
  const { line } = positionOf(source, marks[0]?.start ?? 0);
  const { text, start } = lineAt(source, line);
  const width = Math.max(narrowest, available);
  const first = marks[0] ?? { start, end: start };
  const window = cropAround(text, first.start - start, first.end - start, width);
  const below = marks.flatMap((mark) => marked(mark, text, start, window, width));
  return { line, text: window.shown, below };
}

interface Window {
  readonly shown: string;
  /** The part of the line that is shown, in UTF-16 units, and the columns of the sign of omission before it. */
  readonly from: number;
  readonly to: number;
  readonly lead: number;
}

/** As much of the line as fits, with the span in it. */
function cropAround(text: string, start: number, end: number, width: number): Window {
  if (fits(text, width)) return { shown: visible(text), from: 0, to: text.length, lead: 0 };
  const room = width - 2;
  const span = text.slice(start, Math.min(Math.max(end, start + 1), start + room));
  const before = Math.max(0, Math.min(Math.floor(room / 3), room - columnsOf(span)));
  const from = fits(text.slice(0, end), room) ? 0 : stepBack(text, Math.min(start, text.length), before);
  const to = stepOn(text, from, room);
  const [head, tail] = [from > 0 ? ellipsis : "", to < text.length ? ellipsis : ""];
  return { shown: head + visible(text.slice(from, to)) + tail, from, to, lead: head.length };
}

/** Without measuring what is far too long: a line may be a megabyte, and no character takes less than half a column a unit. */
function fits(text: string, width: number): boolean {
  return text.length <= 2 * width && columnsOf(text) <= width;
}

/** So many columns towards the line's start. */
function stepBack(text: string, from: number, columns: number): number {
  let [at, left] = [from, columns];
  for (const character of Array.from(text.slice(Math.max(0, from - 2 * columns), from)).toReversed()) {
    left -= glyphOf(character).columns;
    if (left < 0) break;
    at -= character.length;
  }
  return at;
}

/** So many columns towards the line's end. */
function stepOn(text: string, from: number, columns: number): number {
  let [at, left] = [from, columns];
  for (const character of text.slice(from, from + 2 * columns)) {
    left -= glyphOf(character).columns;
    if (left < 0) break;
    at += character.length;
  }
  return at;
}

function marked(mark: Mark, text: string, lineStart: number, window: Window, width: number): Snippet["below"] {
  const from = Math.min(Math.max(mark.start - lineStart, window.from), window.to);
  const to = Math.min(Math.max(mark.end - lineStart, from), window.to);
  const indent = window.lead + columnsOf(text.slice(window.from, from));
  const signs = mark.sign.repeat(Math.max(1, columnsOf(text.slice(from, to))));
  if (mark.label === null) return [{ indent, signs, label: "", mark }];
  const label = visible(mark.label);
  if (indent + signs.length + 1 + columnsOf(mark.label) <= width) return [{ indent, signs, label: ` ${label}`, mark }];
  // Beside the signs there is no room: below them then, as far left as it has to be.
  const left = Math.max(0, Math.min(indent, width - columnsOf(mark.label)));
  const lines = wrap(label, width - left).map((line) => ({ indent: left, signs: "", label: line, mark }));
  return [{ indent, signs, label: "", mark }, ...lines];
}
