import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import { compile } from "../../compiler/index.ts";
import { renderDiagnostics, type Source } from "../../dsl/index.ts";

const corpus = new URL("../corpus/", import.meta.url);

/** The policies of one folder of the corpus, by name. */
export function policiesIn(folder: string): readonly string[] {
  return readdirSync(new URL(`${folder}/`, corpus))
    .filter((name) => name.endsWith(".agentpolicy"))
    .toSorted();
}

export function readPolicy(path: string): Source {
  return { name: path.slice(path.lastIndexOf("/") + 1), text: readFileSync(new URL(path, corpus), "utf8") };
}

/** What a person would read, without colour, at the width of a terminal. */
export function renderFindings(source: Source): string {
  const { diagnostics } = compile([source], { today: Date.UTC(2026, 10, 21) });
  return renderDiagnostics(diagnostics, [source], { colour: false, width: 100 });
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
