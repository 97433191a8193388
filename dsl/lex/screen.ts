/** What the pass over the tokens collects, and how it gives a token another kind. */
import type { IToken, TokenType } from "chevrotain";
import type { Diagnostic } from "../diagnostic.ts";

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
