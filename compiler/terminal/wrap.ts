/** Lines of at most so many columns. */

/**
 * Breaks text at spaces into lines of at most `width` characters. A word that is longer than a line is cut hard,
 * since a name that overflows its column would push every other column out of place.
 * @param whole words that are never cut
 */
export function wrap(text: string, width: number, whole: RegExp | null = null): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((part) => (whole?.test(part) ? [part] : chop(part, width)))) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}

/** What the edge calls sessions, approvals and the like, as it stands in a sentence: it is there to be copied. */
const ID = /^[(`]*[a-z]{3}_[0-9a-hjkmnp-tv-z]{26,52}(\.\d{1,9})?[)`,.;:]*$/;

/** The text under a first line's prefix, each further line indented as far; an id stays in one piece. */
export function hang(prefix: string, text: string, width: number): string {
  const room = Math.max(20, width - prefix.length);
  const indent = " ".repeat(prefix.length);
  return wrap(text, room, ID)
    .map((line, index) => (index === 0 ? prefix : indent) + line)
    .join("\n");
}

function chop(word: string, width: number): readonly string[] {
  if (word.length <= width) return [word];
  const parts: string[] = [];
  for (let at = 0; at < word.length; at += width) parts.push(word.slice(at, at + width));
  return parts;
}
