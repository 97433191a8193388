/** Names and strings as they are written. */
import type { Name, StringLiteral } from "../ast.ts";

const plain = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Quotes only the segments that need it. */
export function printName(name: Name): string {
  return name.segments
    .map((segment) => (plain.test(segment) ? segment : quote(segment).replace(joiners, escape)))
    .join(".");
}

export function printNames(names: readonly Name[]): string {
  return names.map(printName).join(", ");
}

export function printText(text: StringLiteral): string {
  return quote(text.value);
}

export function printTexts(texts: readonly StringLiteral[]): string {
  return texts.map(printText).join(", ");
}

const named: Readonly<Record<string, string>> = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
// What a reader can't see, or would see elsewhere than it stands: the characters that `read-text.ts` refuses bare, and
// fillers, variation selectors and the blank Braille cell, which make two names look alike.
const escaped =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class -- finding such characters is the purpose
  /["\\\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}\p{Cs}]/gu;
// Scripts and emoji need these between two characters, but no name does.
const joiners = /[\u200c\u200d]/g;
const needlessJoiners =
  /(?<![\p{L}\p{M}\p{Extended_Pictographic}\ufe0f])[\u200c\u200d]|[\u200c\u200d](?![\p{L}\p{Extended_Pictographic}])/gu;

/** In double quotes, with the escapes that reading it back takes. */
export function quote(value: string): string {
  return `"${value.replace(escaped, escape).replace(needlessJoiners, escape)}"`;
}

function escape(character: string): string {
  return named[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
