/** One printed line before its layout: where it came from, and which of its parts stand in columns. */
import type { Span } from "../ast.ts";

export interface Row {
  readonly indent: number;
  /** Joined with a space; all but the last are padded to the width that they have in the rows of the same group. */
  readonly cells: readonly string[];
  /** Rows of one group stand in columns; null without. */
  readonly group: string | null;
  readonly start: number;
  readonly end: number;
  /** A closing bracket: comments before it belong to what it closes. */
  readonly closes: boolean;
}

/** What printing a declaration has to know of the file. */
export interface Context {
  /** Whether a comment stands inside: then a list is printed with one item to a line, so that the comment can stay. */
  readonly hasComment: (span: Span) => boolean;
}

export const widest = 110;

export function row(text: string, span: Pick<Span, "start" | "end">, indent = 0): Row {
  return { indent, cells: [text], group: null, start: span.start, end: span.end, closes: false };
}

export function columns(group: string, cells: readonly string[], span: Pick<Span, "start" | "end">, indent = 1): Row {
  return { indent, cells, group, start: span.start, end: span.end, closes: false };
}

/** The bracket that ends what `span` covers. */
export function closing(text: string, span: Span, indent = 0): Row {
  const start = Math.max(span.start, span.end - 1);
  return { indent, cells: [text], group: null, start, end: span.end, closes: true };
}

/** `/// …` above what is documented. */
export function docRows(doc: string | null, span: Span, indent = 0): Row[] {
  if (doc === null) return [];
  const at = { start: span.start, end: span.start };
  return doc.split("\n").map((line) => row(line === "" ? "///" : `/// ${line}`, at, indent));
}
