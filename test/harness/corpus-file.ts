/** Files of the corpus, and what is held against them. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import type { Source } from "../../dsl/index.ts";

const corpus = new URL("../corpus/", import.meta.url);

/** Names of the files in a folder of the corpus that end so. */
export function corpusFiles(folder: string, ending: string): readonly string[] {
  return readdirSync(new URL(`${folder}/`, corpus))
    .filter((name) => name.endsWith(ending))
    .toSorted();
}

export function readCorpus(path: string): Source {
  return { name: path.slice(path.lastIndexOf("/") + 1), text: readFileSync(new URL(path, corpus), "utf8") };
}

/** Holds `actual` against the file; a missing one fails. `UPDATE_CORPUS=1` writes it, never in CI. */
export function expectFile(path: string, actual: string): void {
  const file = new URL(path, corpus);
  if (process.env["UPDATE_CORPUS"] === "1") {
    expect(process.env["CI"], "the corpus can't be updated in CI").toBeUndefined();
    writeFileSync(file, actual);
  }
  expect(existsSync(file), `${path} is missing: read what UPDATE_CORPUS=1 writes, then add it`).toBe(true);
  expect(actual).toBe(readFileSync(file, "utf8"));
}
