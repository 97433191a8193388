/**
 * Text to tokens: Chevrotain's lexer, then one pass that gives words their keywords, strings their values, and turns
 * what the language doesn't have into a message and the nearest token that it has, so that the parser reads on.
 */
import { type IToken, Lexer } from "chevrotain";
import type { Diagnostic, Source } from "../diagnostic.ts";
import { brief, mistake } from "../mistake.ts";
import { type Comments, sortComments } from "./comments.ts";
import { isDate, isDuration, isTime, lastDayOf } from "./calendar.ts";
import { joinNumbers } from "./foreign-number.ts";
import { codePointName } from "./look-alike.ts";
import { findUnseen, readText } from "./read-text.ts";
import { repairs } from "./repair.ts";
import { mostTold, retype, type Screen } from "./screen.ts";
import { Colon, Day, Dot, Duration, Identifier, keywordOf, lexed, Text, Time } from "./tokens.ts";

export interface Lexed extends Pick<Comments, "comments" | "docs"> {
  readonly tokens: IToken[];
  readonly diagnostics: readonly Diagnostic[];
  /** Starts of what was left out or guessed: a syntax error right behind one of them is the same mistake. */
  readonly doubtful: readonly number[];
}

let lexer: Lexer | null = null;

/** Made at the first use, since a command that parses nothing shouldn't pay for it. */
function theLexer(): Lexer {
  lexer ??= new Lexer([...lexed], { positionTracking: "onlyOffset", ensureOptimizations: true });
  return lexer;
}

/** Never fails: whatever the text holds, tokens come out, and a diagnostic for each mistake. */
export function lex(source: Source): Lexed {
  if (beginsDense(source.text)) return noWords(source);
  const raw = theLexer().tokenize(source.text);
  const screen: Screen = { source: source.name, diagnostics: [], doubtful: [] };
  for (const error of raw.errors.slice(0, mostTold)) strayCharacter(screen, source.text, error.offset, error.length);
  if (isDense(raw.tokens.length, source.text)) return noWords(source);
  const settled: IToken[] = [];
  for (let index = 0; index < raw.tokens.length; index++) {
    const token = raw.tokens[index];
    if (token !== undefined && settle(token, raw.tokens[index - 1], raw.tokens[index + 1], screen)) settled.push(token);
  }
  const tokens = joinNumbers(settled, screen);
  const { comments, docs, problems } = sortComments(source, raw.groups["comments"] ?? [], tokens);
  return { tokens, comments, docs, diagnostics: [...screen.diagnostics, ...problems], doubtful: screen.doubtful };
}

const manyTokens = 250_000;

/** Whether a long text is nearly all signs: it would take many times the memory that a policy of its length does. */
function isDense(tokens: number, text: string): boolean {
  return tokens > manyTokens && tokens * 3 > text.length;
}

const beginning = 300_000;

/** Whether the beginning of a long text is so dense that the rest needn't be read to refuse it. */
function beginsDense(text: string): boolean {
  if (text.length < 3 * manyTokens) return false;
  return theLexer().tokenize(text.slice(0, beginning)).tokens.length * 2 > beginning;
}

function noWords({ name, text }: Source): Lexed {
  const span = { source: name, start: 0, end: Math.min(1, text.length) };
  const help = "give a `.agentpolicy` file, or the directory that holds it";
  const diagnostic = mistake(1012, span, "this file holds more signs than words, so it isn't read as a policy", {
    help,
  });
  return { tokens: [], comments: [], docs: new Map(), diagnostics: [diagnostic], doubtful: [] };
}

/** Gives a token its last kind and value; false where it is left out. */
function settle(token: IToken, before: IToken | undefined, after: IToken | undefined, screen: Screen): boolean {
  const type = token.tokenType;
  if (type === Identifier) {
    // Beside a dot or before a colon stands a name, whatever it is called: `args.limit`, `session.open`, `owner: …`.
    const isName = before?.tokenType === Dot || after?.tokenType === Dot || after?.tokenType === Colon;
    const keyword = isName ? undefined : keywordOf(token.image);
    if (keyword !== undefined) retype(token, keyword);
    return true;
  }
  if (type === Text) {
    settleText(token, screen);
    return true;
  }
  if (type === Day || type === Time || type === Duration) {
    checkCalendar(token, screen);
    return true;
  }
  const repair = repairs.get(type);
  return repair === undefined || repair(token, screen);
}

function settleText(token: IToken, screen: Screen): void {
  const inner = token.image.slice(1, -1);
  const read = readText(inner, token.startOffset + 1, screen.source);
  token.payload = read.value;
  const problem = read.problem ?? findUnseen(inner, token.startOffset + 1, screen.source, "string");
  if (problem !== null && screen.diagnostics.length <= mostTold) screen.diagnostics.push(problem);
}

function checkCalendar(token: IToken, screen: Screen): void {
  const text = token.image;
  const span = { source: screen.source, start: token.startOffset, end: token.startOffset + text.length };
  if (token.tokenType === Day && !isDate(text)) {
    const last = lastDayOf(text);
    const help = last === null ? "months are `01` to `12`" : `that month ends on \`${last}\``;
    screen.diagnostics.push(mistake(1010, span, `\`${brief(text)}\` isn't a day of the calendar`, { help }));
  } else if (token.tokenType === Time && !isTime(text)) {
    const help = "write date, time and offset, as in `2026-11-23T10:00:00+01:00` or `2026-11-23T09:00:00Z`";
    screen.diagnostics.push(mistake(1010, span, `\`${brief(text)}\` isn't a time`, { help }));
  } else if (token.tokenType === Duration && !isDuration(text)) {
    screen.diagnostics.push(
      mistake(1009, span, `\`${brief(text)}\` is longer than any duration can be`, { help: "write at most `36500d`" }),
    );
  }
}

function strayCharacter(screen: Screen, text: string, offset: number, length: number): void {
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0xfffd);
  const span = { source: screen.source, start: offset, end: offset + length };
  const shown = /^[ -~]$/.test(character) ? `\`${character}\`` : codePointName(character);
  screen.doubtful.push(offset);
  screen.diagnostics.push(
    mistake(1001, span, `the character ${shown} has no meaning here`, { help: "delete it, or put it in a string" }),
  );
}
