/** The tool catalogues that policies in the corpus and in the documentation name. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "../imports/data/tools");

/** Texts by file name, as `compile` takes them. */
export const TOOL_FILES: { readonly [file: string]: string } = Object.fromEntries(
  readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), "utf8")]),
);
