import type { File } from "../../dsl/index.ts";
import { corpusFiles } from "../harness/corpus-file.ts";

/** The files of a folder of the corpus that end so, without that ending. */
export function casesIn(folder: string, ending: string): readonly string[] {
  return corpusFiles(folder, ending).map((name) => name.slice(0, -ending.length));
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
