/** A word where an item should begin, with what is around it, and what is made of it. */
import type { IToken } from "chevrotain";
import type { Span } from "../ast.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Block } from "./block.ts";
import type { Landmarks } from "./landmarks.ts";

export interface FirstWord<T> {
  readonly source: string;
  readonly block: Block<T>;
  readonly first: IToken;
  readonly second: IToken;
  readonly third: IToken;
  readonly before: IToken;
  readonly landmarks: Landmarks;
  /** Whether the word opens a line or a block, and doesn't stand behind an item that was read. */
  readonly opensItem: boolean;
  /** Offset at which the item before it begins; null where it is the first of its block. */
  readonly previous: number | null;
}

export interface Explained {
  readonly diagnostic: Diagnostic;
  /** The keyword to read on with, after so many tokens are passed over; null where it isn't plain. */
  readonly meant: string | null;
  readonly skip: number;
  /** Whether it belongs to the item before although it opens a line, so that what was read of that one isn't all of it. */
  readonly cut?: boolean;
  /** Whether `meant` is a guess, so that what then doesn't fit isn't told. */
  readonly guessed?: boolean;
}

export function stop(diagnostic: Diagnostic, cut = false): Explained {
  return { diagnostic, meant: null, skip: 0, cut };
}

export function spanOf(source: string, token: IToken): Span {
  return { source, start: token.startOffset, end: token.startOffset + token.image.length };
}
