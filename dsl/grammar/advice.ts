/** What to type instead of a token that doesn't fit, where that can be told from what is expected and what stands there. */
import type { IToken } from "chevrotain";
import { meantDuration, unitHelp } from "../lex/foreign-number.ts";
import * as t from "../lex/tokens.ts";
import { brief, type MistakeDetails } from "../mistake.ts";
import type { Unexpected } from "./explain-unexpected.ts";
import { isName } from "./landmarks.ts";

/** Null where nothing better can be told than what was expected. */
export function adviceOn(unexpected: Unexpected): MistakeDetails | null {
  for (const advice of advices) {
    const help = advice(unexpected);
    if (help !== null) return { help };
  }
  return null;
}

const advices: readonly ((unexpected: Unexpected) => string | null)[] = [
  aboutUnit,
  aboutQuotes,
  aboutTime,
  aboutSign,
  aboutTitle,
  aboutTwoWords,
  aboutList,
];

/** `lease 10 s`, `to 20m`, `to 300 EUR` */
function aboutUnit({ expected, found, before, after }: Unexpected): string | null {
  if (expected.startsWith("a duration") && found.tokenType === t.Numeral) {
    const meant = meantDuration(found.image + after.image) ?? `${found.image}${found.image.length > 2 ? "s" : "m"}`;
    return `give it a unit, as in \`${brief(meant)}\`; units are \`s\`, \`m\`, \`h\` and \`d\``;
  }
  if (expected === "a number" && found.tokenType === t.Duration) return "write the number without a unit";
  if (before.tokenType !== t.Numeral || expected.startsWith("`:`")) return null;
  if (found.tokenType === t.Numeral)
    return `write the number without a space: \`${brief(before.image + found.image)}\``;
  return found.tokenType === t.Identifier ? unitHelp(before.image) : null;
}

function aboutQuotes({ expected, found }: Unexpected): string | null {
  if (expected.startsWith("a string") && isName(found)) return `put it in double quotes: \`"${brief(found.image)}"\``;
  if (expected === "a name" && found.tokenType === t.Text) return "write the name without quotes";
  return null;
}

function aboutTime({ expected, found, before }: Unexpected): string | null {
  if (expected.startsWith("a duration") && (found.tokenType === t.Text || isName(found))) {
    const quoted = found.tokenType === t.Text;
    const meant = meantDuration(quoted ? found.image.slice(1, -1) : found.image);
    return meant === null ? null : `write ${quoted ? "it without quotes: " : ""}\`${brief(meant)}\``;
  }
  if (expected === "a string in double quotes" && before.tokenType === t.Clock)
    return 'write the time zone behind the times, as in `"Europe/Berlin"`';
  if (expected.startsWith("a date") && isName(found)) return "write year, month and day, as in `2027-01-31`";
  return null;
}

/** `name = value`, `max = 3`, `args.name is "x"` */
function aboutSign({ expected, found, before }: Unexpected): string | null {
  if (expected.startsWith("`:`") && found.tokenType === t.Assign) return "write `name: value`";
  if (expected === "`=`" && found.tokenType === t.Colon) return "write `=`";
  if (found.tokenType === t.Assign) return "delete the `=`";
  const compares = expected.includes("`present`") && before.tokenType === t.word("is");
  return compares ? `write \`== ${brief(found.image)}\`` : null;
}

/** `policy {` */
function aboutTitle({ expected, found, first }: Unexpected): string | null {
  const titled = [t.word("policy"), t.word("test"), t.word("prove")].includes(first.tokenType);
  if (!titled || !expected.startsWith("a string") || found.tokenType !== t.LBrace) return null;
  return `name it: write \`${first.image} "NAME" {\``;
}

/** `agent travel bot {` */
function aboutTwoWords({ expected, found, before, landmarks }: Unexpected): string | null {
  const ends = ["`{`", "`=`", "`(`"].includes(expected);
  if (!ends || before.tokenType !== t.Identifier || !isName(found) || landmarks.opensLine(found)) return null;
  return `a name is one word, as in \`${brief(`${before.image}_${found.image}`)}\``;
}

/** `string[]` */
function aboutList({ found, before }: Unexpected): string | null {
  return found.tokenType === t.LBracket && isType(before) ? `write \`list<${before.image}>\`` : null;
}

function isType(token: IToken): boolean {
  return ["string", "int", "decimal", "bool", "email", "url", "host", "ip", "path", "uuid", "json"].includes(
    token.image,
  );
}
