/** What a reader may expect of every file of the product. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const FOLDERS = ["cli", "compiler", "dsl", "edge", "engine", "sdk"];
const LONGEST_FUNCTION = 60;
const LONGEST_CONTRACT = 5;

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|js)$/.test(name))
    .map((name) => `${folder}/${name}`),
).map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

test(`every file says at its top what it is, in at most ${LONGEST_CONTRACT} lines`, () => {
  const wrong = sources.filter(({ text }) => {
    const contract = /^(?:#!.*\n)?\/\*\*([\s\S]*?)\*\//.exec(text)?.[1];
    const lines = contract?.split("\n").filter((line) => /[^\s*]/.test(line)) ?? [];
    return lines.length === 0 || lines.length > LONGEST_CONTRACT;
  });
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

test(`no function is longer than ${LONGEST_FUNCTION} lines`, () => {
  const functions = sources.flatMap(functionsOf);
  expect(functions.length).toBeGreaterThan(2_000);
  expect(functions.filter(({ lines }) => lines > LONGEST_FUNCTION)).toEqual([]);
});

/** As the formatter lays them out: a function ends at the first line that is indented as the one it begins in. */
function functionsOf({ path, text }: { readonly path: string; readonly text: string }) {
  const lines = text.split("\n");
  return lines.flatMap((line, begin) => {
    if (!beginsFunction(line)) return [];
    const indent = /^ */.exec(line)?.[0] ?? "";
    const end = lines.findIndex((other, index) => index > begin && other.startsWith(`${indent}}`));
    return [{ place: `${path}:${begin + 1}`, lines: end - begin + 1 }];
  });
}

/** The last line of its signature. */
function beginsFunction(line: string): boolean {
  if (line.endsWith("=> {")) return true;
  if (!line.endsWith("{") || /^ *(?:\}|if|for|while|switch|do|try|else|return)\b/.test(line)) return false;
  const method = /^ +(?:(?:private|protected|override|static|async|get|set) )*#?\w+(?:<.*>)?\(/;
  return /\bfunction\b/.test(line) || /^ *\)/.test(line) || method.test(line);
}
