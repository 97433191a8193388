/** The tool catalogues that policies in the corpus and in the documentation name. */
import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../imports/data/tools/", import.meta.url);

/** Texts by file name, as `compile` takes them. */
export const TOOL_FILES: { readonly [file: string]: string } = Object.fromEntries(
  readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), "utf8")]),
);
