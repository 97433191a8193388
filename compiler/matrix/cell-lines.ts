/** A cell as lines of text in a column of a given width. */
import { type Paint, tierColour } from "../terminal/paint.ts";
import { wrap } from "../terminal/wrap.ts";
import { type CellPart, cellParts, doubtText, partText, shownLimits } from "./cell-text.ts";
import type { Cell } from "./cell.ts";
import type { Matrix } from "./matrix.ts";

/** An outcome, or the numbers of the limits behind the outcomes. */
export interface Word {
  readonly text: string;
  readonly part: CellPart | null;
}

/** What stands below the matrix: ids of limits, and texts of doubts, by what refers to them. */
export interface Notes {
  readonly limits: ReadonlyMap<string, number>;
  readonly doubts: ReadonlyMap<string, string>;
}

/** `allow`, `ask (lead_review)`, `[1][2][a]`. */
export function cellWords(matrix: Matrix, cell: Cell, { limits, doubts }: Notes): readonly Word[] {
  const words = cellParts(cell.outcomes).map((part): Word => ({ text: partText(part), part }));
  const counted = shownLimits(matrix, cell).map((id) => `[${limits.get(id) ?? "?"}]`);
  const doubt = cell.doubt === null ? [] : [`[${doubts.get(doubtText(cell.doubt)) ?? "?"}]`];
  const numbers = [...counted, ...doubt];
  return numbers.length === 0 ? words : [...words, { text: numbers.join(""), part: null }];
}

/** The width below which a word of the cell would itself be broken. */
export function longestWord(words: readonly Word[]): number {
  return Math.max(0, ...words.map((word, index) => word.text.length + (index === 0 ? 0 : 2)));
}

/** The width that the cell takes in one line. */
export function inOneLine(words: readonly Word[]): number {
  return words.reduce((width, word, index) => width + joint(word, index).length + word.text.length, 0);
}

/** The words joined by `|`, broken between them where the column ends, each line padded to the column. */
export function cellLines(words: readonly Word[], width: number, paint: Paint): readonly string[] {
  const lines: { width: number; text: string }[] = [];
  words.forEach((word, index) => {
    const colour = word.part === null ? "dim" : tierColour(word.part.tier);
    const last = lines.at(-1);
    const joined = joint(word, index);
    if (last !== undefined && last.width + joined.length + word.text.length <= width) {
      last.text += joined + paint(colour, word.text);
      last.width += joined.length + word.text.length;
      return;
    }
    const room = index === 0 && word.text.length <= width ? width : width - 2;
    for (const [nth, piece] of wrap(word.text, room).entries()) {
      const lead = index === 0 && nth === 0 ? "" : word.part === null || nth > 0 ? "  " : "| ";
      lines.push({ width: lead.length + piece.length, text: lead + paint(colour, piece) });
    }
  });
  return lines.map((line) => line.text + " ".repeat(Math.max(0, width - line.width)));
}

function joint(word: Word, index: number): string {
  if (index === 0) return "";
  return word.part === null ? " " : " | ";
}

/** The text with spaces up to the width. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - text.length));
}
