/** What the pass over the tokens collects, and how it tells of a token and gives it another kind. */
import type { IToken, TokenType } from "chevrotain";
import type { Span } from "../ast.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { type MistakeDetails, mistake } from "../mistake.ts";

export interface Screen {
  readonly source: string;
  readonly diagnostics: Diagnostic[];
  /** Starts of what was left out or guessed. */
  readonly doubtful: number[];
}

/** The parser looks at the type's index as well as at the type. */
export function retype(token: IToken, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx ?? 0;
}

export function spanOf(token: IToken, screen: Screen): Span {
  return { source: screen.source, start: token.startOffset, end: token.startOffset + token.image.length };
}

/** More than are ever shown; what is told afterwards is forgotten at once. */
export const mostTold = 1_000;

export function tell(token: IToken, screen: Screen, code: number, message: string, details: MistakeDetails): void {
  if (screen.diagnostics.length > mostTold) return;
  screen.diagnostics.push(mistake(code, spanOf(token, screen), message, details));
}

/** What was meant isn't plain, so a syntax error right behind it is the same mistake. */
export function doubt(token: IToken, screen: Screen): void {
  screen.doubtful.push(token.startOffset);
}
