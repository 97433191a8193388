/** Where the next declaration or item visibly begins. Only here do line ends mean anything: after a mistake, as a hint. */
import { EOF, type IToken, type TokenType } from "chevrotain";
import * as t from "../lex/tokens.ts";
import type { Block } from "./block.ts";

const nothing: IToken = { image: "", startOffset: -1, tokenType: EOF, tokenTypeIdx: EOF.tokenTypeIdx ?? 0 };

const named = new Set<TokenType | undefined>(
  ["label", "set", "schedule", "group", "channel", "approval", "class", "action", "server", "define", "role"]
    .concat(["gateway", "canary", "breaker"])
    .map(t.word),
);
const titled = new Set<TokenType | undefined>(["policy", "prove", "test"].map(t.word));

export class Landmarks {
  /** Behind the last token: what is missing at the end of a file is missing there, not behind the last empty line. */
  readonly end: number;
  private readonly text: string;
  private readonly tokens: readonly IToken[];

  constructor(text: string, tokens: readonly IToken[]) {
    this.text = text;
    this.tokens = tokens;
    const last = tokens.at(-1);
    this.end = last === undefined ? 0 : last.startOffset + last.image.length;
  }

  /** Whether only white space stands before the token on its line. */
  opensLine(token: IToken): boolean {
    for (let at = token.startOffset - 1; at >= 0; at--) {
      const character = this.text[at];
      if (character === "\n" || character === "\r") return true;
      if (character !== " " && character !== "\t" && character !== "\ufeff") return false;
    }
    return true;
  }

  /** The offset at which the token's line begins. */
  lineStart(token: IToken): number {
    let at = Math.max(0, token.startOffset);
    while (at > 0 && this.text[at - 1] !== "\n" && this.text[at - 1] !== "\r") at--;
    return at;
  }

  /** Whether a declaration begins at this token: its keyword, and what must come second. */
  opensDeclaration(token: IToken): boolean {
    const [second, third] = [this.after(token, 1), this.after(token, 2)];
    // `role support` in an agent is its `roles` misspelt.
    if (token.tokenType === t.word("role") && !isSuchBehind(third)) return isName(second) && !this.opensLine(third);
    if (named.has(token.tokenType)) return isName(second);
    if (titled.has(token.tokenType) && second.tokenType === t.LBrace) return this.opensLine(token);
    if (titled.has(token.tokenType)) return second.tokenType === t.Text && third.tokenType === t.LBrace;
    if (token.tokenType === t.word("live")) return second.tokenType === t.word("set");
    if (token.tokenType === t.word("every"))
      return second.tokenType === t.word("agent") && third.tokenType === t.LBrace;
    const like = third.tokenType === t.LBrace || third.tokenType === t.word("like");
    return token.tokenType === t.word("agent") && isName(second) && like;
  }

  /** The token so many after this one; `EOF` past the last. */
  after(token: IToken, count: number): IToken {
    if (token.startOffset < 0) return nothing;
    return this.tokens[this.indexOf(token) + count] ?? nothing;
  }

  /** The source from one offset to another. */
  textBetween(start: number, end: number): string {
    return this.text.slice(Math.max(0, start), Math.max(0, end));
  }

  /** The token before this one; null before the first. */
  before(token: IToken): IToken | null {
    return this.tokens[this.indexOf(token) - 1] ?? null;
  }

  /** The dotted name that ends with this token, as it is written. */
  dottedTo(last: IToken): string {
    let text = last.image;
    for (let dot = this.before(last); dot?.tokenType === t.Dot; ) {
      const segment = this.before(dot);
      if (segment === null) break;
      text = `${segment.image}.${text}`;
      dot = this.before(segment);
    }
    return text;
  }

  /** The dotted name that begins with this token, as it is written. */
  dottedFrom(first: IToken): string {
    let text = first.image;
    for (let dot = this.after(first, 1); dot.tokenType === t.Dot; ) {
      const segment = this.after(dot, 1);
      text += `.${segment.image}`;
      dot = this.after(segment, 1);
    }
    return text;
  }

  /** The tokens from the one at `start` up to `end`. */
  between(start: number, end: IToken): readonly IToken[] {
    const first = { ...nothing, startOffset: start };
    return this.tokens.slice(this.indexOf(first), end.startOffset < 0 ? undefined : this.indexOf(end));
  }

  /**
   * How many tokens there are from `here` to the next item of the block in which the item beginning at `first` stands, or to the end of
   * that block, or to the next declaration. Braces opened since `first` are closed on the way.
   */
  countToNext(first: IToken, here: IToken, block: Pick<Block<unknown>, "begins" | "closes">): number {
    if (here.startOffset < 0) return 0;
    const from = this.indexOf(here);
    let depth = this.openBraces(first, here);
    for (let index = from; index < this.tokens.length; index++) {
      const token = this.tokens[index] ?? nothing;
      const opensLine = this.opensLine(token);
      if (opensLine && this.opensDeclaration(token)) return index - from;
      if (depth <= 0 && block.closes && token.tokenType === t.RBrace) return index - from;
      if (depth <= 0 && opensLine && block.begins(token, this.tokens[index + 1] ?? nothing)) return index - from;
      if (token.tokenType === t.LBrace) depth++;
      if (token.tokenType === t.RBrace) depth--;
    }
    return this.tokens.length - from;
  }

  private openBraces(first: IToken, here: IToken): number {
    let depth = 0;
    for (let index = this.indexOf(first); index < this.indexOf(here); index++) {
      const type = this.tokens[index]?.tokenType;
      if (type === t.LBrace) depth++;
      if (type === t.RBrace) depth--;
    }
    return Math.max(0, depth);
  }

  /** By bisection over the offsets, since a token doesn't know its place. */
  private indexOf(token: IToken): number {
    let [low, high] = [0, this.tokens.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.tokens[middle]?.startOffset ?? Infinity) < token.startOffset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const behindRole = new Set<TokenType | undefined>(
  ["trial", "allow", "notify", "ask", "never", "limit"].map(t.word).concat([t.LBrace]),
);

/** Whether the token may stand behind the name of a role: its brace, or a rule where that is missing. */
function isSuchBehind(token: IToken): boolean {
  return behindRole.has(token.tokenType);
}

/** A name or a keyword, which is a name too. */
export function isName(token: IToken): boolean {
  return token.tokenType === t.Identifier || token.tokenType.CATEGORIES?.includes(t.Identifier) === true;
}
