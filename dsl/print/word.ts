/** Names and strings as they are written. */
import type { Name, StringLiteral } from "../ast.ts";

const plain = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Quotes only the segments that need it. */
export function printName(name: Name): string {
  return name.segments.map((segment) => (plain.test(segment) ? segment : quote(segment))).join(".");
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
// What a reader can't see, or would see elsewhere than it stands: the same characters that `read-text.ts` refuses bare.
const escaped =
  // oxlint-disable-next-line no-control-regex
  /["\\\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udc7f]/g;

/** In double quotes, with the escapes that reading it back takes. */
export function quote(value: string): string {
  return `"${value.replace(escaped, (found) => named[found] ?? `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`)}"`;
}
