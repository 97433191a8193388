/** Numbers, durations, days and times as they are written elsewhere: told, and read as what was meant where it is plain. */
import type { IToken, TokenType } from "chevrotain";
import { brief, replacement } from "../mistake.ts";
import { durationOf, isDate, spellDuration } from "./calendar.ts";
import { doubt, retype, type Screen, spanOf, tell } from "./screen.ts";
import { Clock, Comma, Day, Duration, LBracket, LParen, Numeral } from "./tokens.ts";

/** `2hrs`, `300EUR`, `1_300`: true, since the token is always read on with. */
export function foreignNumber(token: IToken, screen: Screen): boolean {
  const text = token.image;
  const duration = meantDuration(text);
  if (duration !== null) mend(token, screen, { code: 1009, what: "a duration", type: Duration, meant: duration });
  else if (/^-\d+[smhd]$/.test(text))
    mend(token, screen, { code: 1009, what: "a duration", type: Duration, meant: text.slice(1) });
  else if (/^\d+ms$/i.test(text))
    guess(token, screen, 1009, "a duration", Duration, "the smallest unit is the second: `1s`");
  else if (/^\d{1,2}[ap]m/i.test(text)) guess(token, screen, 1010, "a time of day", Clock, "write `09:00-18:00`");
  else if (/^\d{4}-\d/.test(text)) guess(token, screen, 1010, "a date", Day, DAY_HELP);
  else if (/^-?\d{1,3}(?:_\d{3})+(?:\.\d+)?$/.test(text)) {
    mend(token, screen, { code: 1009, what: "a number", type: Numeral, meant: text.replaceAll("_", "") });
  } else if (/^-?\d{1,9}e\+?\d{1,2}$/i.test(text)) {
    const [digits = "", power = ""] = text.toLowerCase().split("e");
    mend(token, screen, {
      code: 1009,
      what: "a number",
      type: Numeral,
      meant: digits + "0".repeat(Number(power.replace("+", ""))),
    });
  } else if (/^-?\d+(?:\.\d+)?[A-Za-z]{2,}$/.test(text)) withUnit(token, screen);
  else guess(token, screen, 1009, "a number", Numeral, NUMBER_HELP);
  return true;
}

const DAY_HELP = "write year, month and day, as in `2027-01-31`";
const NUMBER_HELP = "write digits, as in `50`, `50.01` or `-3`; anything else is a string in double quotes";

interface Mending {
  readonly code: number;
  readonly what: string;
  readonly type: TokenType;
  readonly meant: string;
}

function mend(token: IToken, screen: Screen, { code, what, type, meant }: Mending): void {
  const fix = replacement(`write \`${brief(meant)}\``, spanOf(token, screen), meant);
  tell(token, screen, code, `\`${brief(token.image)}\` isn't ${what}`, { help: `write \`${brief(meant)}\``, fix });
  token.payload = meant;
  retype(token, type);
}

function guess(token: IToken, screen: Screen, code: number, what: string, type: TokenType, help: string): void {
  tell(token, screen, code, `\`${brief(token.image)}\` isn't ${what}`, { help });
  doubt(token, screen);
  retype(token, type);
}

/** `300EUR`: what the number counts is told apart by another argument, or by the name of this one. */
function withUnit(token: IToken, screen: Screen): void {
  const meant = token.image.replace(/[A-Za-z]+$/, "");
  mendNumber(token, screen, meant, unitHelp(meant));
}

/** What to write for a number with a currency or unit behind it. */
export function unitHelp(number: string): string {
  return `write the number alone, \`${brief(number)}\`; a currency or unit is an argument of its own`;
}

const unitNames: readonly (readonly [RegExp, string])[] = [
  [/^(\d+)(?:s|sec|secs|seconds?)$/i, "s"],
  [/^(\d+)(?:m|min|mins|minutes?)$/i, "m"],
  [/^(\d+)(?:h|hr|hrs|hours?)$/i, "h"],
  [/^(\d+)(?:d|days?)$/i, "d"],
];

/** `PT4H`, `P1D`: ISO 8601. */
const ISO = /^P(?:(\d{1,9}D))?(?:T(\d{1,9}H)?(\d{1,9}M)?(\d{1,9}S)?)?$/i;

/** `2hrs` is `2h`, `1h30m` is `90m`, `2weeks` is `14d`; null for what is no duration anywhere. */
export function meantDuration(text: string): string | null {
  for (const [pattern, unit] of unitNames) {
    const digits = pattern.exec(text)?.[1];
    if (digits !== undefined) return digits + unit;
  }
  const iso = ISO.exec(text)?.slice(1).join("") ?? "";
  if (iso !== "") return meantDuration(iso);
  const weeks = /^(\d+)(?:w|weeks?)$/i.exec(text)?.[1];
  if (weeks !== undefined) return `${Number(weeks) * 7}d`;
  if (!/^(?:\d{1,9}[smhd]){2,}$/i.test(text)) return null;
  const parts = text.toLowerCase().match(/\d+[smhd]/g) ?? [];
  return spellDuration(parts.reduce((sum, part) => sum + durationOf(part), 0));
}

/** `30.11.2027`: a year makes it a day, and a day above twelve tells which of the others is the month. */
export function foreignDay(token: IToken, screen: Screen): boolean {
  const meant = meantDay(token.image);
  if (meant === null) guess(token, screen, 1010, "how days are written", Day, DAY_HELP);
  else mend(token, screen, { code: 1010, what: "how days are written", type: Day, meant });
  return true;
}

function meantDay(text: string): string | null {
  const [first = "", second = "", third = ""] = text.split(/[./-]/);
  if (first.length === 4) return dayOf(first, second, third);
  const dayFirst = text.includes(".") || Number(first) > 12 || first === second;
  if (dayFirst) return dayOf(third, second, first);
  return Number(second) > 12 ? dayOf(third, first, second) : null;
}

function dayOf(year: string, month: string, day: string): string | null {
  const text = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return isDate(text) ? text : null;
}

/** Joins `1,300` to one number; between the values of a list or a call a comma separates, and stays. */
export function joinNumbers(tokens: readonly IToken[], screen: Screen): IToken[] {
  const joined: IToken[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined) continue;
    joined.push(token);
    if (token.tokenType !== Numeral || separates(joined.at(-2))) continue;
    const groups = groupsBehind(tokens, index);
    if (groups.length === 0) continue;
    index += groups.length * 2;
    mendGroups(token, groups, screen);
  }
  return joined;
}

function separates(before: IToken | undefined): boolean {
  return before !== undefined && [LBracket, LParen, Comma].includes(before.tokenType);
}

/** The numbers that follow over commas without any space. */
function groupsBehind(tokens: readonly IToken[], from: number): readonly string[] {
  const groups: string[] = [];
  for (let index = from; ; index += 2) {
    const [number, comma, next] = [tokens[index], tokens[index + 1], tokens[index + 2]];
    if (number === undefined || comma?.tokenType !== Comma || next?.tokenType !== Numeral) return groups;
    const tight = number.startOffset + number.image.length === comma.startOffset;
    if (!tight || comma.startOffset + 1 !== next.startOffset) return groups;
    groups.push(next.image);
  }
}

/** `1,300.50` has commas between thousands, `1.300,50` and `1,5` one before the fraction. */
function mendGroups(token: IToken, groups: readonly string[], screen: Screen): void {
  const [first, last = ""] = [token.image, groups.at(-1)];
  const thousands = !first.includes(".") && groups.every((group) => /^\d{3}(?:\.\d+)?$/.test(group));
  const meant = thousands ? [first, ...groups].join("") : `${first.replaceAll(".", "")}.${last}`;
  token.image = [first, ...groups].join(",");
  const fraction = /^\d{3}$/.test(last) ? "; a point stands before fractions, as in `1.5`" : "";
  mendNumber(token, screen, meant, `write \`${brief(meant)}\`${fraction}`);
}

/** Without a fix: a comma may have been meant either way, and whether a unit may go only its author knows. */
function mendNumber(token: IToken, screen: Screen, meant: string, help: string): void {
  tell(token, screen, 1009, `\`${brief(token.image)}\` isn't a number`, { help });
  token.payload = meant;
  retype(token, Numeral);
}
