/** A stranger's text as lines of comments: wrapped, with nothing in it that a reviewer can't see or isn't told of. */
import { sha256Hex } from "../hash.ts";

const WIDEST = 100;
const MOST_LINES = 60;

// All that the lexer refuses in a comment, and what else has no shape: fillers, variation selectors, the blank Braille
// cell. Joiners stay between letters and emoji, which need them, and one selector behind an emoji.
const HIDDEN =
  // oxlint-disable-next-line no-misleading-character-class -- finding such characters is the purpose
  /(?!(?<=[\p{L}\p{M}\p{Extended_Pictographic}])[\u200c\u200d](?=[\p{L}\p{Extended_Pictographic}]))(?!(?<=\p{Extended_Pictographic})\ufe0f)[\p{C}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/gu;

/** One line. */
export function visibleLine(text: string): string {
  return text
    .replace(/\s*\r?\n\s*/g, " ")
    .replaceAll("\t", " ")
    .replace(HIDDEN, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`)
    .trim();
}

/** Without blank lines at its ends or several together; empty where nothing is said. What is left out is told last. */
export function commentLines(text: string): readonly string[] {
  const all = text.split(/\r\n|[\n\r\u2028\u2029]/).flatMap((line) => wrap(line));
  const lines = all.filter((line, at) => line !== "" || (at > 0 && all[at - 1] !== ""));
  if (lines.at(-1) === "") lines.pop();
  return lines.length > MOST_LINES
    ? [...lines.slice(0, MOST_LINES), ...leftOut(lines.slice(MOST_LINES).join("\n"))]
    : lines;
}

/** With a hash, so that the comment changes when what it leaves out does. */
function leftOut(rest: string): readonly string[] {
  const size = `${rest.split("\n").length} more lines (${rest.length} characters, sha256 ${sha256Hex(rest).slice(0, 12)})`;
  return [
    "",
    ...wrap(`NOT SHOWN HERE: ${size}, which the model reads. Read them in the catalogue before reviewing this.`),
  ];
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
