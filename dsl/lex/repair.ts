/** What the language doesn't have: one message each, and the token that was probably meant in its place. */
import type { IToken, TokenType } from "chevrotain";
import { brief, type MistakeDetails, mistake, replacement } from "../mistake.ts";
import { foreignDay, foreignNumber } from "./foreign-number.ts";
import { codePointName, firstForeign, seemingName } from "./look-alike.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { doubt, mostTold, retype, type Screen, spanOf, tell } from "./screen.ts";
import { Arrow, AtLeast, AtMost, Equal, foreign, Identifier, keywordOf, Text, Unequal, word } from "./tokens.ts";

/** Reports the token and gives it another kind; false where it has to be left out. */
type Repair = (token: IToken, screen: Screen) => boolean;

export const repairs: ReadonlyMap<TokenType, Repair> = new Map<TokenType, Repair>([
  [foreign.blockComment, blockComment],
  [foreign.hashComment, hashComment],
  [foreign.pattern, barePattern],
  [foreign.word, foreignWord],
  [foreign.day, foreignDay],
  [foreign.number, foreignNumber],
  [foreign.openString, openString],
  [foreign.singleQuoted, otherQuotes],
  [foreign.curlyQuoted, otherQuotes],
  [foreign.operator, foreignOperator],
  [foreign.space, foreignSpace],
  [foreign.invisible, invisible],
]);

function told(screen: Screen, diagnostic: Diagnostic): void {
  if (screen.diagnostics.length <= mostTold) screen.diagnostics.push(diagnostic);
}

function blockComment(token: IToken, screen: Screen): boolean {
  const span = { ...spanOf(token, screen), end: token.startOffset + 2 };
  const help = 'begin each line of the comment with `//`; `/*` is left to patterns, as in `"crm/*"`';
  told(screen, mistake(1006, span, "there are no `/* */` comments", { help }));
  // Without an end it takes the rest of the file with it, closing braces and all.
  if (!token.image.endsWith("*/")) doubt(token, screen);
  return false;
}

function hashComment(token: IToken, screen: Screen): boolean {
  const span = { ...spanOf(token, screen), end: token.startOffset + 1 };
  const fix = replacement("begin the comment with `//`", span, "//");
  told(screen, mistake(1006, span, "a comment doesn't begin with `#`", { help: "write `//`", fix }));
  return false;
}

function barePattern(token: IToken, screen: Screen): boolean {
  const quoted = `"${token.image}"`;
  const fix = replacement("put it in double quotes", spanOf(token, screen), quoted);
  tell(token, screen, 1003, "patterns and templates stand in double quotes", {
    help: `write \`${brief(quoted)}\``,
    fix,
  });
  token.payload = token.image;
  retype(token, Text);
  return true;
}

function foreignWord(token: IToken, screen: Screen): boolean {
  const seeming = seemingName(token.image);
  const { offset, character, code } = firstForeign(token.image);
  const start = token.startOffset + offset;
  const span = { source: screen.source, start, end: start + character.length };
  if (seeming === null) {
    const help =
      "names are of ASCII letters, digits, `_` and `-`; any other name of an action or argument stands in double quotes";
    told(
      screen,
      mistake(1005, span, `the name \`${brief(token.image)}\` holds ${code}, which isn't an ASCII letter`, { help }),
    );
  } else {
    const help = `type \`${brief(seeming)}\` anew in ASCII letters`;
    const fix = replacement(`write \`${brief(seeming)}\``, spanOf(token, screen), seeming);
    const message = `this looks like \`${brief(seeming)}\` but holds ${code}`;
    told(screen, mistake(1005, span, message, { label: "another letter than it seems", help, fix }));
    token.payload = seeming;
  }
  retype(token, keywordOf(seeming ?? "") ?? Identifier);
  return true;
}

function openString(token: IToken, screen: Screen): boolean {
  const end = token.startOffset + token.image.trimEnd().length;
  const details = { label: "opened here, and the line ends", help: 'end it with `"`; a string stands on one line' };
  told(
    screen,
    mistake(1002, { source: screen.source, start: token.startOffset, end }, "this string has no end", details),
  );
  doubt(token, screen);
  token.payload = token.image.slice(1);
  retype(token, Text);
  return true;
}

function otherQuotes(token: IToken, screen: Screen): boolean {
  const text = token.image;
  const closed = text.length > 1 && /['"\u2018\u2019\u201c\u201d\u00bb]$/.test(text);
  const inner = text.slice(1, closed ? -1 : text.length);
  const kind = text.startsWith("'") ? "single" : "curly";
  const details: MistakeDetails = { help: `write \`"${brief(inner)}"\`` };
  const fix = replacement("use straight double quotes", spanOf(token, screen), JSON.stringify(inner));
  tell(
    token,
    screen,
    1003,
    `strings stand in straight double quotes, not in ${kind} ones`,
    closed ? { ...details, fix } : details,
  );
  if (!closed) doubt(token, screen);
  token.payload = inner;
  retype(token, Text);
  return true;
}

/** Spelling elsewhere → our token, and how we write it. */
const operators: Readonly<Record<string, readonly [TokenType, string]>> = {
  "&&": [word("and"), "and"],
  "&": [word("and"), "and"],
  "||": [word("or"), "or"],
  "|": [word("or"), "or"],
  "!": [word("not"), "not"],
  "===": [Equal, "=="],
  "!==": [Unequal, "!="],
  "<>": [Unequal, "!="],
  "≠": [Unequal, "!="],
  "≤": [AtMost, "<="],
  "≥": [AtLeast, ">="],
  "->": [Arrow, "=>"],
  "→": [Arrow, "=>"],
  "⇒": [Arrow, "=>"],
};

function foreignOperator(token: IToken, screen: Screen): boolean {
  const ours = operators[token.image];
  if (ours !== undefined) {
    const [type, spelling] = ours;
    const fix = replacement(`write \`${spelling}\``, spanOf(token, screen), spelling === "not" ? "not " : spelling);
    tell(token, screen, 1008, `\`${token.image}\` isn't an operator here`, { help: `write \`${spelling}\``, fix });
    retype(token, type);
    return true;
  }
  if (token.image === ";") {
    const fix = replacement("delete it", spanOf(token, screen), "");
    tell(token, screen, 1007, "nothing ends with `;`", {
      help: "delete it; the next rule's own keyword begins the next rule",
      fix,
    });
    return false;
  }
  doubt(token, screen);
  tell(token, screen, 1008, `there is no arithmetic, so \`${token.image}\` means nothing`, {
    help: "compare arguments with literals; sums are kept by a limit: `limit … total args.amount to 500 in 24h per agent`",
  });
  return false;
}

function foreignSpace(token: IToken, screen: Screen): boolean {
  const code = codePointName(token.image);
  const fix = replacement("use an ordinary space", spanOf(token, screen), " ");
  tell(token, screen, 1004, `${code} isn't an ordinary space`, {
    help: "it often comes with text copied from a page; type a space instead",
    fix,
  });
  return false;
}

function invisible(token: IToken, screen: Screen): boolean {
  const fix = replacement("delete it", spanOf(token, screen), "");
  tell(token, screen, 1004, `the invisible character ${codePointName(token.image)} stands here`, {
    help: "delete it",
    fix,
  });
  return false;
}
