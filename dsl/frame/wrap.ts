/** Text in lines that fit a terminal. */
import { columnsOf } from "./visible.ts";

/**
 * Breaks a text at spaces into lines of at most so many columns; a longer word keeps a line of its own, and so does a
 * command in backticks, since it is there to be copied.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of wordsOf(text)) {
    if (line !== "" && columnsOf(line) + 1 + columnsOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function wordsOf(text: string): readonly string[] {
  const glued = text.replaceAll(/`agentpolicy [^`]*`/g, (command) => command.replaceAll(" ", GLUE));
  return glued.split(" ").map((word) => word.replaceAll(GLUE, " "));
}

/** Stands in no text that was made visible. */
const GLUE = "\u0000";
