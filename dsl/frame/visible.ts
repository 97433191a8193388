/**
 * Text as a terminal shows it in known columns. What moves the cursor, reorders, hides or joins characters is written as
 * `\u{…}`: so carets stand under what they mean, and no policy can paint over a message (CVE-2021-42574, ANSI escapes).
 */

/** One character of the source: what is shown for it, and in how many columns. */
export interface Glyph {
  readonly shown: string;
  readonly columns: number;
}

const plain: Glyph[] = Array.from({ length: 128 }, (_, code) => ({ shown: String.fromCharCode(code), columns: 1 }));

export function glyphOf(character: string): Glyph {
  const code = character.codePointAt(0) ?? 0xfffd;
  if (character === "\t") return { shown: "  ", columns: 2 };
  if (code >= 0x20 && code < 0x7f) return plain[code] ?? { shown: character, columns: 1 };
  if (isWide(code)) return { shown: character, columns: 2 };
  if (isSteady(code)) return { shown: character, columns: 1 };
  const shown = `\\u{${code.toString(16)}}`;
  return { shown, columns: shown.length };
}

/** Letters that every terminal shows in two columns: Hangul, kana, CJK, full-width forms. */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115e) ||
    (code >= 0x3001 && code <= 0x303e) ||
    (code >= 0x3041 && code <= 0x3096) ||
    (code >= 0x30a1 && code <= 0x30fa) ||
    (code >= 0x3400 && code <= 0x4dbf) ||
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xff01 && code <= 0xff60)
  );
}

/**
 * Characters of one column and no manners of their own: Latin, Greek and Cyrillic letters, punctuation, currency, arrows,
 * mathematical signs. Combining marks, right-to-left scripts, emoji and what else terminals disagree on are not.
 */
function isSteady(code: number): boolean {
  return (
    (code >= 0xa1 && code <= 0x2ff && code !== 0xad) ||
    (code >= 0x370 && code <= 0x482) ||
    (code >= 0x48a && code <= 0x52f) ||
    (code >= 0x1e00 && code <= 0x1fff) ||
    (code >= 0x2010 && code <= 0x2027) ||
    (code >= 0x2030 && code <= 0x205e) ||
    (code >= 0x20a0 && code <= 0x20bf) ||
    (code >= 0x2190 && code <= 0x21ff) ||
    (code >= 0x2200 && code <= 0x22ff) ||
    (code >= 0x2500 && code <= 0x259f)
  );
}

/** A whole text made safe to print on one line. */
export function visible(text: string): string {
  let shown = "";
  for (const character of text) shown += glyphOf(character).shown;
  return shown;
}

/** Columns that a text takes once made visible. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += glyphOf(character).columns;
  return columns;
}
