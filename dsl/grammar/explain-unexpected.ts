/** A token that doesn't fit, explained: first the known mistakes, then plainly what was expected and what was found. */
import { EOF, type IToken, type TokenType } from "chevrotain";
import type { Span } from "../ast.ts";
import type { Diagnostic } from "../diagnostic.ts";
import * as t from "../lex/tokens.ts";
import { brief, type MistakeDetails, mistake, replacement } from "../mistake.ts";
import { nearestWord } from "../nearest-word.ts";
import { adviceOn } from "./advice.ts";
import type { Block } from "./block.ts";
import { explainStep } from "./explain-step.ts";
import { formOf } from "./forms.ts";
import { isName, type Landmarks } from "./landmarks.ts";

export interface Unexpected {
  readonly source: string;
  /** In policy words: "`{`", "a name". */
  readonly expected: string;
  /** With which the item begins. */
  readonly first: IToken;
  readonly found: IToken;
  readonly before: IToken;
  readonly after: IToken;
  readonly block: Pick<Block<unknown>, "begins" | "words">;
  readonly landmarks: Landmarks;
}

export function explainUnexpected(unexpected: Unexpected): Diagnostic {
  return (
    trailingComma(unexpected) ??
    explainStep(unexpected) ??
    needlessColon(unexpected) ??
    skippedInto(unexpected) ??
    endsTooEarly(unexpected) ??
    settingOutside(unexpected) ??
    missingComma(unexpected) ??
    misspelt(unexpected) ??
    plain(unexpected)
  );
}

/** `role sales: {`, `agent: bot` */
function needlessColon({ source, expected, found, before, after }: Unexpected): Diagnostic | null {
  if (found.tokenType === t.Colon && !/[=:]/.test(expected)) return colonTooMany(source, found, before);
  return after.tokenType === t.Colon && expected.startsWith(shown(found)) ? colonTooMany(source, after, found) : null;
}

export function colonTooMany(source: string, colon: IToken, before: IToken): Diagnostic {
  const span = spanIn(source, colon);
  const details = { help: "delete the `:`", fix: replacement("delete it", span, "") };
  return mistake(1114, span, `no \`:\` stands behind ${shown(before)}`, details);
}

/** `["a", "b",]` */
function trailingComma({ source, found, before }: Unexpected): Diagnostic | null {
  const closes: readonly TokenType[] = [t.RBracket, t.RParen, t.RBrace];
  if (before.tokenType !== t.Comma || !closes.includes(found.tokenType)) return null;
  const span = spanIn(source, before);
  return mistake(1112, span, `nothing follows this comma`, {
    help: "delete it",
    fix: replacement("delete it", span, ""),
  });
}

/** A keyword that opens the next line was taken for the name that is missing on the line before. */
function skippedInto({ source, first, found, before, block, landmarks }: Unexpected): Diagnostic | null {
  // A `return` is a step by itself: what follows it took nothing from the line before.
  if (found === first && before.tokenType === t.word("return")) return null;
  const opens =
    before !== first && before.startOffset >= 0 && landmarks.opensLine(before) && block.begins(before, found);
  return opens && landmarks.before(before) !== null ? unfinished(source, before, landmarks) : null;
}

/** Something is missing between the token before this keyword and the keyword itself. */
export function unfinished(source: string, keyword: IToken, landmarks: Landmarks): Diagnostic | null {
  const last = landmarks.before(keyword);
  if (last === null || last.tokenType === t.LBrace || last.tokenType === t.RBrace) return null;
  return mistake(1101, spanIn(source, last), `something is missing behind ${shown(last)}`, {
    label: "unfinished",
    related: [{ span: spanIn(source, keyword), label: "already the next one" }],
  });
}

/** What is missing is missing behind the last token, and not at the next line's first, which is right where it stands. */
function endsTooEarly(unexpected: Unexpected): Diagnostic | null {
  const { source, expected, found, before, after, block, landmarks } = unexpected;
  const next = landmarks.opensLine(found) && (block.begins(found, after) || landmarks.opensDeclaration(found));
  const ends = found.tokenType === EOF || found.tokenType === t.RBrace || next;
  if (!ends || before.startOffset < 0) return null;
  const details = (before.tokenType === t.Clock ? adviceOn(unexpected) : null) ?? formed(unexpected);
  return mistake(1101, spanIn(source, before), `expected ${expected} behind ${shown(before)}`, details);
}

/** Words behind which a condition goes on, and no type. */
const clauses = new Set(["not", "and", "or", "when", "unless"]);

/** `to: string max 40` */
function settingOutside({ source, found, before, after }: Unexpected): Diagnostic | null {
  const isSetting =
    ["min", "max", "like"].includes(found.image) &&
    [t.Numeral, t.Text].includes(after.tokenType) &&
    !clauses.has(before.image);
  if (!isSetting || !(isName(before) || before.tokenType === t.Greater)) return null;
  const setting = `(${brief(found.image)} ${brief(after.image)})`;
  const help = isName(before) ? `write \`${brief(before.image)}${setting}\`` : `write \`${setting}\` behind the type`;
  return mistake(1101, spanIn(source, found), "the settings of a type stand in parentheses", { help });
}

/** Two values side by side in a list. */
function missingComma({ source, expected, found, before, landmarks }: Unexpected): Diagnostic | null {
  const inList = expected === "`]`" || expected === "`)`" || expected === "`}`";
  const beginsValue = isName(found) || found.tokenType === t.Text || found.tokenType === t.Numeral;
  const endsValue =
    isName(before) ||
    [t.Text, t.Numeral, t.RParen, t.RBracket, t.RBrace, t.Question, t.Greater].includes(before.tokenType);
  if (!inList || !beginsValue || !endsValue) return null;
  if (landmarks.opensLine(found)) {
    const help = `write ${expected}, or a comma if the list goes on`;
    return mistake(1101, spanIn(source, before), `expected ${expected} behind ${shown(before)}`, { help });
  }
  const span = spanIn(source, found);
  const help = `separate it from ${shown(before)} with a comma, or close with ${expected}`;
  return mistake(1101, span, `expected \`,\` or ${expected}, found ${shown(found)}`, { help });
}

/** A keyword was expected, and one like it stands here. */
function misspelt({ source, expected, found }: Unexpected): Diagnostic | null {
  if (!isName(found)) return null;
  const words = Array.from(expected.matchAll(/`([a-z0-9]+)`/g), ([, word = ""]) => word);
  const near = nearestWord(found.image, words);
  if (near === null || near === found.image) return null;
  const span = spanIn(source, found);
  const fix = replacement(`write \`${near}\``, span, near);
  return mistake(1102, span, `expected ${expected}, found ${shown(found)}`, { help: `did you mean \`${near}\`?`, fix });
}

function plain(unexpected: Unexpected): Diagnostic {
  const { source, expected, found, landmarks } = unexpected;
  const span = found.tokenType === EOF ? { source, start: landmarks.end, end: landmarks.end } : spanIn(source, found);
  return mistake(1101, span, `expected ${expected}, found ${shown(found)}`, adviceOn(unexpected) ?? formed(unexpected));
}

function formed(unexpected: Unexpected): MistakeDetails {
  const help = formOf(unexpected);
  return help === null ? {} : { help };
}

function spanIn(source: string, token: IToken): Span {
  return { source, start: token.startOffset, end: token.startOffset + token.image.length };
}

/** A token as messages quote it. */
export function shown(token: IToken): string {
  if (token.tokenType === EOF) return "the end of the file";
  return `\`${brief(token.image)}\``;
}
