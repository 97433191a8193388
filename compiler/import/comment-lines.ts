/** A stranger's text as lines of comments: whole, wrapped, and with nothing in it that a reviewer can't see. */

const WIDEST = 100;
const MOST_LINES = 60;

// All that the lexer refuses in a comment, and what else has no shape; the joiners that scripts and emoji need stay.
const HIDDEN = /(?![\u200c\u200d])[\p{C}\p{Zl}\p{Zp}]/gu;

/** One line. */
export function visibleLine(text: string): string {
  return text
    .replace(/\s*\r?\n\s*/g, " ")
    .replaceAll("\t", " ")
    .replace(HIDDEN, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`)
    .trim();
}

/** Without blank lines at its ends; empty where nothing is said. */
export function commentLines(text: string): readonly string[] {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).flatMap((line) => wrap(line));
  while (lines[0] === "") lines.shift();
  while (lines.at(-1) === "") lines.pop();
  return lines.length > MOST_LINES
    ? [...lines.slice(0, MOST_LINES), `… (${lines.length - MOST_LINES} more lines)`]
    : lines;
}

function wrap(line: string): string[] {
  const shown = visibleLine(line);
  const lines: string[] = [];
  let current = "";
  for (const word of shown.split(/ +/)) {
    if (current !== "" && current.length + 1 + word.length > WIDEST) {
      lines.push(current);
      current = word;
    } else current = current === "" ? word : `${current} ${word}`;
  }
  return [...lines, current];
}
