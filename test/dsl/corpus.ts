import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import type { File, Source } from "../../dsl/index.ts";

const corpus = new URL("../corpus/", import.meta.url);

/** The files of a folder of the corpus that end so, without that ending. */
export function casesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(new URL(`${folder}/`, corpus))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .toSorted();
}

export function readCase(path: string): Source {
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

const places = new Set(["span", "tierSpan", "blanks", "paramsEnd"]);

function withoutPlaces(key: string, value: unknown): unknown {
  return places.has(key) ? undefined : value;
}

/** The tree without its places, one declaration or comment to a line. */
export function treeText(file: File): string {
  return `{"declarations":[${linesOf(file.declarations)}],\n"comments":[${linesOf(file.comments)}]}\n`;
}

function linesOf(nodes: readonly unknown[]): string {
  return nodes.map((node) => `\n  ${JSON.stringify(node, withoutPlaces)}`).join(",");
}

/** What formatting must not change: the declarations, and each comment's text in its order. */
export function meaningOf(file: File): string {
  return JSON.stringify([file.declarations, file.comments.map(({ text }) => text)], withoutPlaces);
}

/** The declarations alone, for where comments are added. */
export function declarationsOf(file: File): string {
  return JSON.stringify(file.declarations, withoutPlaces);
}
