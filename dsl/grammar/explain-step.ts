/** A step of a test that can't be read: what was probably meant by its first word. */
import type { IToken, TokenType } from "chevrotain";
import type { Diagnostic } from "../diagnostic.ts";
import { meantDuration } from "../lex/foreign-number.ts";
import * as t from "../lex/tokens.ts";
import { brief, mistake, replacement } from "../mistake.ts";
import { nearestWord } from "../nearest-word.ts";
import { spanOf } from "./first-word.ts";
import { isName, type Landmarks } from "./landmarks.ts";
import { stepHere, testWords } from "./test-words.ts";

interface Unread {
  readonly source: string;
  /** In policy words, as the parser asked for it. */
  readonly expected: string;
  /** With which the step begins. */
  readonly first: IToken;
  readonly landmarks: Landmarks;
}

/** Null where the first word begins a call, whose mistake is further on. */
export function explainStep({ source, expected, first, landmarks }: Unread): Diagnostic | null {
  const second = landmarks.after(first, 1);
  if (!(expected === "a step of the test" || expected.startsWith("`=>` and what")) || !isName(first)) return null;
  if (inCall.includes(second.tokenType)) return null;
  const span = spanOf(source, first);
  const word = brief(first.image);
  const lacking = lacks(first, second, landmarks.after(first, 2));
  if (lacking !== null) return mistake(1101, span, lacking.message, { help: lacking.help });
  if (testWords.includes(first.image)) return null;
  const help = stepHere(first.image);
  if (help !== null) return mistake(1110, span, `\`${word}\` isn't a step of a test`, { help });
  const near = nearestWord(first.image, testWords);
  if (near === null) return null;
  const fix = replacement(`write \`${near}\``, span, near);
  return mistake(1102, span, `\`${word}\` isn't a step of a test`, { help: `did you mean \`${near}\`?`, fix });
}

/** What stands behind the first segment of an action's name. */
const inCall: readonly TokenType[] = [t.Dot, t.LParen, t.Arrow];

/** `delegate other`, `given vendors has "x"`, `after 2` */
function lacks(
  first: IToken,
  second: IToken,
  third: IToken,
): { readonly message: string; readonly help: string } | null {
  switch (first.image) {
    case "delegate":
      if (second.image === "to") return null;
      return { message: "`to` is missing behind `delegate`", help: `write \`delegate to ${brief(second.image)}\`` };
    case "given":
      if (second.image === "session" || second.image === "set") return null;
      return {
        message: "`given` says what the session or a live set has",
        help: 'write `given session has LABEL` or `given set NAME has "x"`',
      };
    case "after":
      if (second.tokenType === t.Duration) return null;
      return {
        message: "`after` takes a length of time",
        help: `write \`after ${brief(meantLength(second, third))}\`; units are \`s\`, \`m\`, \`h\` and \`d\``,
      };
    default:
      return null;
  }
}

/** `5 minutes`, `"5m"`, `5`: the duration that was meant, else one as an example. */
function meantLength(second: IToken, third: IToken): string {
  if (second.tokenType === t.Text) return meantDuration(second.image.slice(1, -1).replaceAll(" ", "")) ?? "2h";
  if (second.tokenType !== t.Numeral) return "2h";
  return meantDuration(second.image + third.image) ?? `${second.image}h`;
}
