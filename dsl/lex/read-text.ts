/** What a string in double quotes says: the escapes of JSON, and `\u{…}`. */
import type { Span } from "../ast.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { mistake } from "../mistake.ts";
import { codePointName } from "./look-alike.ts";

/**
 * Characters that a reviewer can't see: controls, format characters that reorder or hide text (CVE-2021-42574), lone
 * surrogates. The joiners U+200C and U+200D are left out: scripts and emoji need them, and they hide nothing.
 */
const unseen =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udc7f]/;

/** The first unseen character between these offsets of the source, as a mistake; null without one. */
export function findUnseen(image: string, start: number, source: string, where: string): Diagnostic | null {
  const found = unseen.exec(image);
  if (found === null) return null;
  const span: Span = { source, start: start + found.index, end: start + found.index + found[0].length };
  return mistake(1004, span, `this ${where} holds the invisible character ${codePointName(found[0])}`, {
    label: "here, though nothing is to be seen",
    help:
      where === "string"
        ? `delete it, or write it as \`\\u{${(found[0].codePointAt(0) ?? 0).toString(16)}}\` if it is meant`
        : "delete it; what is reviewed must be what is written",
  });
}

const simple: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
};
const escape = /\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|([\s\S]))/g;

/** The value of the text between the quotes, and the first escape that doesn't exist. */
export function readText(
  inner: string,
  start: number,
  source: string,
): { readonly value: string; readonly problem: Diagnostic | null } {
  if (!inner.includes("\\")) return { value: inner, problem: null };
  let problem: Diagnostic | null = null;
  const value = inner.replace(escape, (whole, braced?: string, plain?: string, letter?: string, offset?: number) => {
    const code = braced ?? plain;
    const character = code === undefined ? simple[letter ?? ""] : fromCode(Number.parseInt(code, 16));
    if (character !== undefined) return character;
    const at = start + (offset ?? 0);
    problem ??= unknownEscape(whole, { source, start: at, end: at + whole.length });
    return whole;
  });
  return { value, problem };
}

/** Halves of a surrogate pair come one by one from `\ud83d\ude00`, so they are let through here. */
function fromCode(code: number): string | undefined {
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function unknownEscape(whole: string, span: Span): Diagnostic {
  const shown = whole.slice(0, 2);
  return mistake(1011, span, `\`${shown}\` isn't an escape`, {
    help: 'in a string, write `\\\\` for a backslash and `\\"` for a quote; others are `\\n`, `\\t` and `\\u{…}`',
  });
}
