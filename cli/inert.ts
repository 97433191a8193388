/**
 * Text from agents and other strangers, made harmless for a terminal: control characters (so every ANSI sequence),
 * bidirectional overrides, zero-width and other invisible characters are shown as escapes. What a person approves is
 * what they see.
 */

/** C0 and C1 controls, soft hyphen, Hangul and Khmer fillers, blank Braille, bidi and zero-width, line and paragraph separators, variation selectors, tags, private use, lone surrogates. */
const HIDDEN =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class -- finding such characters is the purpose
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ue000-\uf8ff\u00a0\u2000-\u200a\u1680]|[\u{e0000}-\u{e0fff}]|[\u{f0000}-\u{10ffff}]|[\ud800-\udfff]/gu;

/** One line; a newline comes out as `\n`. */
export function inert(text: string): string {
  return text.replaceAll(HIDDEN, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    if (character === "\r") return "\\r";
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** As {@link inert}, and a line end stays one. */
export function inertLines(text: string): string {
  return text.split("\n").map(inert).join("\n");
}

/** Any JSON value, indented, every string in it made inert. */
export function inertJson(value: unknown, indent = 2): string {
  // JSON's own escapes come first, so that what is left to hide are the characters that JSON prints as they are.
  const text = JSON.stringify(value, null, indent);
  return text.split("\n").map(inert).join("\n");
}

/** JSON text that means the same to a program and shows a person at a terminal nothing but what is written there. */
export function visibleJson(text: string): string {
  return text.split("\n").map(escapeHidden).join("\n");
}

/** In JSON such characters stand in strings only, where an escape says the same. */
function escapeHidden(line: string): string {
  return line.replaceAll(HIDDEN, (character) =>
    Array.from({ length: character.length }, (_, at) => {
      return `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
    }).join(""),
  );
}
