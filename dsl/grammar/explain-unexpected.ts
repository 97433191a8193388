/** A token that doesn't fit, explained: first the known mistakes, then plainly what was expected and what was found. */
import { EOF, type IToken } from "chevrotain";
import type { Span } from "../ast.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { mistake } from "../mistake.ts";
import type { Block } from "./block.ts";
import type { Landmarks } from "./landmarks.ts";

export interface Unexpected {
  readonly source: string;
  /** In policy words: "`{`", "a name". */
  readonly expected: string;
  readonly found: IToken;
  readonly before: IToken;
  readonly after: IToken;
  readonly block: Pick<Block<unknown>, "begins">;
  readonly landmarks: Landmarks;
}

export function explainUnexpected(unexpected: Unexpected): Diagnostic {
  const { expected, found } = unexpected;
  return mistake(1101, spanOf(unexpected, found), `expected ${expected}, found ${shown(found)}`);
}

/** The token's span; behind the last character for the end of the file. */
export function spanOf({ source, landmarks }: Pick<Unexpected, "source" | "landmarks">, token: IToken): Span {
  const start = token.startOffset < 0 ? landmarks.end : token.startOffset;
  return { source, start, end: start + token.image.length };
}

export function shown(token: IToken): string {
  if (token.tokenType === EOF) return "the end of the file";
  const image = token.image.length > 40 ? `${token.image.slice(0, 39)}…` : token.image;
  return `\`${image}\``;
}
