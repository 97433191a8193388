/** A block `{ item … }`: what may stand in it, as far as recovery has to know. */
import type { IToken, ParserMethod, TokenType } from "chevrotain";
import { Identifier, word } from "../lex/tokens.ts";
import { nearestWord } from "../nearest-word.ts";
import { helpWithout, wordHere } from "./elsewhere.ts";
import { isName } from "./landmarks.ts";

export interface Block<T> {
  /** How one item is read. */
  readonly item: ParserMethod<[], T>;
  /** What the items are called in messages: `a rule or a limit`. */
  readonly called: string;
  /** First words of the items. */
  readonly words: readonly string[];
  /** Words inside an item, behind which a misspelt one was probably meant to be. */
  readonly inner: readonly string[];
  readonly starts: ReadonlySet<TokenType>;
  /** Whether an item may also begin with a name of the policy's own, as the calls of a test do. */
  readonly named: boolean;
  /** Whether a `}` ends it; the file itself ends with its text. */
  readonly closes: boolean;
  /** Whether an item visibly begins at this token that opens a line; `next` is the token behind it. */
  readonly begins: (token: IToken, next: IToken) => boolean;
}

/** First words of what parses but isn't enforced yet: true where it stands, and nothing to offer. */
const notYet = new Set("server live gateway canary breaker prove escalate reuse fatigue decoys may".split(" "));

/** The words with which an item of the block may begin, as a message lists them. */
export function wordsOffered(block: Pick<Block<unknown>, "words">): string {
  const offered = block.words.filter((word) => !notYet.has(word)).map((word) => `\`${word}\``);
  const last = offered.pop() ?? "";
  return offered.length === 0 ? last : `${offered.join(", ")} or ${last}`;
}

/** A block whose items each begin with one of these words. */
export function blockOf<T>(
  item: ParserMethod<[], T>,
  called: string,
  words: readonly string[],
  inner: readonly string[] = [],
): Block<T> {
  const starts = new Set(words.map(word));
  const begins = (token: IToken): boolean => starts.has(token.tokenType) || seemsOneOf(token, words);
  return { item, called, words, inner, starts, named: false, closes: true, begins };
}

/** Whether a plain name is one of the words misspelt, or with what items begin in another language. */
function seemsOneOf(token: IToken, words: readonly string[]): boolean {
  if (token.tokenType !== Identifier) return false;
  if (helpWithout(token.image) !== null) return true;
  const meant = wordHere(token.image) ?? nearestWord(token.image, words);
  return meant !== null && words.includes(meant);
}

/** A block whose items begin with one of these words or signs, or with the name of an action. */
export function blockOfCalls<T>(
  item: ParserMethod<[], T>,
  called: string,
  words: readonly string[],
  behindName: readonly TokenType[],
  signs: readonly TokenType[] = [],
): Block<T> {
  const named = blockOf(item, called, words);
  const block = { ...named, starts: new Set([...named.starts, ...signs]) };
  const begins = (token: IToken, next: IToken): boolean =>
    block.starts.has(token.tokenType) || (isName(token) && behindName.includes(next.tokenType));
  return { ...block, named: true, begins };
}
