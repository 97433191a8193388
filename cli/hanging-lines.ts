/** Sentences as lines of a width, each further one indented. */
import { stripVTControlCharacters } from "node:util";

/** Breaks at spaces outside of backticks, so that what is there to copy stays in one piece; line ends stay too. */
export function hangingLines(text: string, width: number, indent: string): readonly string[] {
  return text.split("\n").flatMap((line) => hang(line, width, indent));
}

function hang(text: string, width: number, indent: string): readonly string[] {
  if (lengthOf(text) <= width) return [text];
  const lines: string[] = [];
  let line = /^ */.exec(text)?.[0] ?? "";
  let isEmpty = true;
  for (const word of wordsOf(text.trimStart(), width)) {
    if (!isEmpty && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line);
      line = indent + word;
    } else line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

/** What stands in backticks is one word, unless it would fill most of a line; what is there to type is one always. */
function wordsOf(text: string, width: number): readonly string[] {
  const words = text.match(/(?:`[^`\n]*`|[^ `]|`)+/g) ?? [];
  return words.flatMap((word) => (TYPED.test(word) || lengthOf(word) <= width / 2 ? [word] : word.split(" ")));
}

const TYPED = /^`(agentpolicy|npx|npm|--[a-z]+) /;

/** Colours take no columns. */
function lengthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
