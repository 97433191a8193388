/** Checkpoints that an auditor kept: in logs that were pulled earlier, or as the notes themselves. */
import { readFile } from "node:fs/promises";
import { parseCheckpoint } from "../../sdk/index.ts";
import { pathFailure, usage } from "../failure.ts";

/** Throws a `Failure`. */
export async function keptCheckpoints(files: readonly string[]): Promise<readonly string[]> {
  const notes = await Promise.all(files.map(notesOf));
  return notes.flat();
}

async function notesOf(file: string): Promise<readonly string[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw pathFailure(`\`${file}\``, error);
  }
  const notes = parseCheckpoint(text) === null ? text.split("\n").flatMap(noteOf) : [text];
  if (notes.length > 0) return notes;
  throw usage(`\`${file}\` holds no checkpoint`, "give a log that `audit pull` wrote earlier, or a checkpoint's note");
}

const LINE = '{"checkpoint":';

function noteOf(line: string): readonly string[] {
  if (!line.startsWith(LINE)) return [];
  const { checkpoint } = JSON.parse(line) as { readonly checkpoint?: { readonly note?: unknown } };
  return typeof checkpoint?.note === "string" ? [checkpoint.note] : [];
}
