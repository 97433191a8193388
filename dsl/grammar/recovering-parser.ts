/**
 * What every production stands on: spans, documentation, blocks of items, and how the parser goes on after a mistake.
 *
 * Recovery is our own and not Chevrotain's (`recoveryEnabled` stays off): its re-sync goes to the first token that may
 * follow, and where every keyword is also a name that is nearly any token, so one mistake became many messages.
 * Here a mistake leaves its declaration or item (`recovering`), and reading goes on where the next one visibly begins.
 */
import { EmbeddedActionsParser, EOF, type IOrAlt, type IToken, type OrMethodOpts, type ParserMethod } from "chevrotain";
import type { Comment, Span } from "../ast.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { strayDoc } from "../lex/comments.ts";
import type { Lexed } from "../lex/lex.ts";
import { retype } from "../lex/screen.ts";
import * as t from "../lex/tokens.ts";
import { Mistake, type MistakeDetails, mistake, mostMistakes } from "../mistake.ts";
import type { Block } from "./block.ts";
import { expectations } from "./expectations.ts";
import { explainUnexpected } from "./explain-unexpected.ts";
import { fitted } from "./fitted.ts";
import { explainFirstWord } from "./explain-first-word.ts";
import { isName, Landmarks } from "./landmarks.ts";

const deepest = 64;
const mostRules = 5_000;

const nothingRead: Lexed = { tokens: [], comments: [], docs: new Map(), diagnostics: [], doubtful: [] };

export class RecoveringParser extends EmbeddedActionsParser {
  protected source = "";
  protected diagnostics: Diagnostic[] = [];
  protected landmarks = new Landmarks("", []);
  private docs: Lexed["docs"] = new Map();
  private doubtful: readonly number[] = [];
  private depth = 0;
  private unclosedAt = -1;
  /** Blocks that a declaration ended: the braces that were to close them may still come. */
  private unclosed = 0;
  private told = 0;

  /** The proof that the grammar is unambiguous belongs to its tests: nobody should wait for it at every start. */
  constructor(prove: boolean) {
    super(t.vocabulary, {
      maxLookahead: 2,
      recoveryEnabled: false,
      skipValidations: !prove,
      errorMessageProvider: expectations,
    });
  }

  /** Takes the tokens of one file. */
  protected begin(source: string, text: string, lexed: Lexed): void {
    // Chevrotain pads the array that it is given; the landmarks keep the unpadded one.
    this.input = [...lexed.tokens];
    this.source = source;
    this.diagnostics = [...lexed.diagnostics];
    this.landmarks = new Landmarks(text, lexed.tokens);
    this.docs = lexed.docs;
    this.doubtful = lexed.doubtful.toSorted((left, right) => left - right);
    this.depth = 0;
    this.unclosedAt = -1;
    this.unclosed = 0;
    this.told = 0;
  }

  /** What was found. Lets go of the file: its tokens take more memory than its tree, and the parser outlives both. */
  protected end(): Diagnostic[] {
    const { diagnostics } = this;
    this.begin("", "", nothingRead);
    return diagnostics;
  }

  // -- productions ----------------------------------------------------------------------------------------------

  /** `RULE` with types that fit: what is returned is held against the type that the production is declared with. */
  protected production<Args extends unknown[], Result>(
    name: string,
    read: (...args: Args) => Result,
  ): ParserMethod<Args, Result> {
    return this.RULE<(...args: Args) => Result>(name, read);
  }

  /** `OR` with a result of one type. */
  protected either<Result>(alternatives: IOrAlt<Result>[] | OrMethodOpts<Result>, index = 0): Result {
    return this.or(index, Array.isArray(alternatives) ? { DEF: alternatives } : alternatives);
  }

  // -- spans and documentation ----------------------------------------------------------------------------------

  protected start(): number {
    return this.LA(1).startOffset;
  }

  /** From an offset to the end of what was read last. */
  protected spanFrom(start: number): Span {
    if (this.RECORDING_PHASE) return { source: "", start: 0, end: 0 };
    const last = this.LA(0);
    return { source: this.source, start, end: Math.max(start, last.startOffset + last.image.length) };
  }

  protected spanOf(token: IToken): Span {
    // While Chevrotain records the grammar, what stands for a token has no image.
    if (this.RECORDING_PHASE) return { source: "", start: 0, end: 0 };
    const start = token.startOffset < 0 ? this.landmarks.end : token.startOffset;
    return { source: this.source, start, end: start + token.image.length };
  }

  /** The `///` lines above the next token; they are taken, so that what is left at the end documents nothing. */
  protected takeDoc(): string | null {
    if (this.RECORDING_PHASE || this.docs.size === 0) return null;
    const start = this.start();
    const doc = this.docs.get(start);
    if (doc === undefined) return null;
    this.docs.delete(start);
    return doc.text;
  }

  /** Every comment, those among them that look like documentation but stand above nothing that has any. */
  protected allComments(comments: readonly Comment[]): Comment[] {
    const stray = [...this.docs.values()].flatMap((doc) => doc.lines);
    if (!this.diagnostics.some((diagnostic) => diagnostic.level === "error")) {
      for (const { lines } of this.docs.values()) if (lines[0] !== undefined) this.report(strayDoc(lines[0].span));
    }
    return [...comments, ...stray].toSorted((left, right) => left.span.start - right.span.start);
  }

  // -- blocks of items ------------------------------------------------------------------------------------------

  /** `"{" { item } "}"`: each item by itself, so that a mistake in one is told and the others are still read. */
  protected block<T>(block: Block<T>): T[] {
    if (!this.RECORDING_PHASE && this.LA(1).tokenType !== t.LBrace && this.beginsHere(block)) {
      const help = `write \`{\` before ${block.called}`;
      this.tell(1106, this.spanOf(this.LA(0)), "`{` is missing", { label: "expected behind this", help });
      return this.items(this.LA(0), block);
    }
    return this.items(this.CONSUME(t.LBrace), block);
  }

  /** Whether an item begins here, be it on the line of what is before it; what only seems one opens a line. */
  private beginsHere<T>(block: Block<T>): boolean {
    const next = this.LA(1);
    if (!block.starts.has(next.tokenType) && !this.landmarks.opensLine(next)) return false;
    return block.begins(next, this.LA(2));
  }

  /** The items up to the brace that closes `open`, or to the end of the file where nothing was opened. */
  protected items<T>(open: IToken | null, block: Block<T>): T[] {
    const items: T[] = [];
    if (this.RECORDING_PHASE) {
      items.push(this.SUBRULE9(block.item));
      return items;
    }
    let previous: number | null = null;
    while (!this.ends(open, block)) {
      if (items.length >= mostRules && block.words.includes("never")) this.refuseMore(block);
      else if (this.told > mostMistakes) this.skip(Infinity);
      else previous = this.readItem(block, items, previous);
    }
    return fitted(items);
  }

  /** More rules than anyone reviews, each of which every decision about its action would look at. */
  private refuseMore<T>(block: Block<T>): void {
    const first = this.LA(1);
    const help = "choose the resources by patterns, and the values by a `set`";
    this.tell(1107, this.spanOf(first), `a block holds at most ${mostRules} rules`, { help });
    this.skip(this.landmarks.countToNext(first, first, { ...block, begins: () => false }));
  }

  /** Whether the items end here; takes the closing brace, or tells that it is missing. */
  private ends<T>(open: IToken | null, block: Block<T>): boolean {
    const next = this.LA(1);
    if (open === null) return next.tokenType === EOF;
    if (next.tokenType === t.RBrace) {
      this.SKIP_TOKEN();
      return true;
    }
    const missing = next.tokenType === EOF || (this.landmarks.opensLine(next) && this.landmarks.opensDeclaration(next));
    if (missing) this.tellUnclosed(open, next, block);
    return missing;
  }

  /** Told once where several blocks are still open: the first `}` that is written may well be the only one missing. */
  private tellUnclosed<T>(open: IToken, next: IToken, block: Block<T>): void {
    const at = this.spanOf(next).start;
    if (this.unclosedAt === at || this.doubts(open.startOffset, at)) return;
    this.unclosedAt = at;
    if (next.tokenType !== EOF) this.unclosed++;
    const related = [{ span: this.spanOf(open), label: "opened here" }];
    const beside = next.tokenType !== EOF && block.words.includes("environments");
    const help = beside
      ? "close the block with `}`: everything else stands beside it, and not in it"
      : "close the block with `}`";
    const label = next.tokenType === EOF ? "the file ends" : "the next declaration begins";
    this.tell(1106, this.spanOf(next), "`}` is missing", { label, related, help });
  }

  /**
   * A first word that isn't one of the block's: told, and replaced where it is plain what was meant. Where it belongs to
   * the item before, that one is taken out again: what it seems to lack may be just what couldn't be read.
   */
  private settleFirstWord<T>(block: Block<T>, items: T[], previous: number | null): boolean {
    const [first, second, third] = [this.LA(1), this.LA(2), this.LA(3)];
    if (block.starts.has(first.tokenType)) return false;
    if (block.named && (isName(first) || first.tokenType === t.Text)) return false;
    const before = this.LA(0);
    if (first.tokenType === t.RBrace && !block.closes && this.unclosed > 0) {
      this.unclosed--;
      throw new Mistake(null);
    }
    const { source, landmarks } = this;
    const opensItem = landmarks.opensLine(first) || before.tokenType === t.LBrace || before.tokenType === EOF;
    const known = explainFirstWord({ source, block, first, second, third, before, landmarks, opensItem, previous });
    const closed = first.tokenType === t.RBrace || before.tokenType === t.RBrace;
    if (known.meant === null) {
      if (!closed && previous !== null && (!opensItem || known.cut === true)) items.pop();
      throw new Mistake(known.diagnostic);
    }
    this.report(known.diagnostic);
    this.skip(known.skip);
    retype(this.LA(1), t.word(known.meant));
    this.LA(1).payload = known.meant;
    return known.guessed === true;
  }

  // -- mistakes -------------------------------------------------------------------------------------------------

  /** Reads something that may hold itself, to a depth that no reader follows anyway and no stack minds. */
  protected nested<T>(production: () => T): T {
    if (this.depth >= deepest && !this.RECORDING_PHASE) {
      const help = "take a part of it out, or say it more plainly";
      throw this.fail(1107, this.LA(1), `this is nested more than ${deepest} deep`, { help });
    }
    this.depth++;
    try {
      return production();
    } finally {
      this.depth--;
    }
  }

  protected fail(code: number, token: IToken, message: string, details: MistakeDetails = {}): Mistake {
    return new Mistake(mistake(code, this.spanOf(token), message, details));
  }

  /** Tells a mistake and reads on, since what was meant is plain. */
  protected tell(code: number, span: Span, message: string, details: MistakeDetails = {}): void {
    if (!this.RECORDING_PHASE) this.report(mistake(code, span, message, details));
  }

  /** Like `tell`, of what can be read but hardly says what was meant. */
  protected warn(code: number, span: Span, message: string, details: MistakeDetails = {}): void {
    if (!this.RECORDING_PHASE) this.diagnostics.push({ ...mistake(code, span, message, details), level: "warning" });
  }

  private report(diagnostic: Diagnostic): void {
    this.told++;
    this.diagnostics.push(diagnostic);
  }

  /**
   * Reads an item; after a mistake in it, goes to where the next one begins. Gives the offset of the item where it was
   * read, null where the next one has none before it. What doesn't fit behind a guessed word is the guess's fault.
   */
  private readItem<T>(block: Block<T>, items: T[], previous: number | null): number | null {
    const first = this.LA(1);
    let guessed = false;
    try {
      guessed = this.settleFirstWord(block, items, previous);
      items.push(this.SUBRULE9(block.item));
      return first.startOffset;
    } catch (error) {
      const diagnostic = this.diagnosticOf(error, first, block);
      if (!guessed && diagnostic !== null) this.reportOnce(diagnostic, first);
      // An item that is wrong at its first token would otherwise be found again and again.
      if (this.LA(1) === first) this.skip(1);
      this.skip(this.landmarks.countToNext(first, this.LA(1), block));
      return null;
    }
  }

  private skip(count: number): void {
    for (let skipped = 0; skipped < count && this.LA(1).tokenType !== EOF; skipped++) this.SKIP_TOKEN();
  }

  private diagnosticOf<T>(error: unknown, first: IToken, block: Block<T>): Diagnostic | null {
    if (error instanceof Mistake) return error.diagnostic;
    if (!(error instanceof Error) || !("token" in error)) throw error;
    return explainUnexpected({
      source: this.source,
      expected: error.message,
      first,
      found: this.LA(1),
      after: this.LA(2),
      before: this.LA(0),
      block,
      landmarks: this.landmarks,
    });
  }

  /** A syntax error behind something left out or guessed in the same item or line is the same mistake seen twice. */
  private reportOnce(diagnostic: Diagnostic, first: IToken): void {
    const from = Math.min(first.startOffset, this.landmarks.lineStart(first));
    if (!this.doubts(from, diagnostic.span.end)) this.report(diagnostic);
  }

  private doubts(from: number, to: number): boolean {
    let [low, high] = [0, this.doubtful.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.doubtful[middle] ?? Infinity) < from) low = middle + 1;
      else high = middle;
    }
    return (this.doubtful[low] ?? Infinity) <= to;
  }
}
