/** Text from a policy, or from whoever wrote the tools it declares, as a reader may be shown it. */

/**
 * What a reader can't see, or what changes how the rest is shown: controls, format and bidirectional characters, tags,
 * variation selectors, fillers and the blank Braille cell, every space but the plain one, private use, lone surrogates.
 */
const HIDDEN =
  // oxlint-disable-next-line no-misleading-character-class -- finding such characters is the purpose
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\u{e0000}-\u{e0fff}]|(?! )\p{Zs}/gu;

/** On one line: hidden characters become `\\n` or `\\u{…}`, so that no name moves the cursor, recolours or reorders words. */
export function printable(text: string): string {
  return text.replace(HIDDEN, (character) => {
    if (character === "\n") return "\\n";
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** As {@link printable}, and a line end stays one. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}
