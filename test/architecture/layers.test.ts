import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { LAYERS } from "./layers.ts";

const root = resolve(import.meta.dirname, "../..");

function sourcesOf(folder: string): string[] {
  const directory = join(root, folder);
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|tsx|js)$/.test(name) && !name.includes("node_modules") && !name.includes("dist/"))
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());
}

/** Every module specifier in a source: imports, re-exports and dynamic imports. */
function importsOf(path: string): string[] {
  const text = readFileSync(path, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const statements = /\b(?:import|export)\s+(?:type\s+)?(?:[\w*{}\s,$]+\s+from\s+)?["']([^"']+)["']/g;
  const dynamic = /\bimport\(\s*["']([^"']+)["']\s*\)/g;
  return [...text.matchAll(statements), ...text.matchAll(dynamic)].map((match) => match[1] ?? "");
}

/** What an import breaks, or null. */
function violation(folder: string, path: string, specifier: string): string | null {
  const layer = LAYERS[folder];
  if (layer === undefined) return `${folder} has no row in the table of layers`;
  if (!specifier.startsWith(".")) {
    const allowed = layer.packages.some(
      (name) => specifier === name || specifier.startsWith(name.endsWith(":") ? name : `${name}/`),
    );
    return allowed ? null : `may not import the package ${specifier}`;
  }
  const target = relative(root, resolve(dirname(path), specifier));
  const into = target.split("/")[0] ?? "";
  if (into === folder) return null;
  const faces = layer.folders[into];
  if (faces === undefined) return `may not import from ${into}/`;
  return faces.includes(target) ? null : `imports ${target}, which is no face of ${into}/`;
}

describe("the table of layers", () => {
  for (const folder of Object.keys(LAYERS)) {
    test(`${folder}/ imports only what its row allows`, () => {
      const sources = sourcesOf(folder);
      expect(sources.length, `no sources found in ${folder}/`).toBeGreaterThan(0);
      const violations = sources.flatMap((path) =>
        importsOf(path)
          .map((specifier) => violation(folder, path, specifier))
          .filter((found) => found !== null)
          .map((found) => `${relative(root, path)}: ${found}`),
      );
      expect(violations).toEqual([]);
    });
  }

  test("every folder of the product has a README of at most 15 lines and one face", () => {
    const missing: string[] = [];
    for (const folder of ["dsl", "engine", "compiler", "sdk", "edge", "cli"]) {
      const readme = join(root, folder, "README.md");
      if (!existsSync(readme)) missing.push(`${folder}/README.md is missing`);
      else if (readFileSync(readme, "utf8").trimEnd().split("\n").length > 15)
        missing.push(`${folder}/README.md is too long`);
      if (folder !== "cli" && !existsSync(join(root, folder, "index.ts")))
        missing.push(`${folder}/index.ts is missing`);
    }
    expect(missing).toEqual([]);
  });

  test("examples import the package by its name, never by a path out of their folder", () => {
    const violations = sourcesOf("examples").flatMap((path) => {
      const home = join(root, "examples", relative(join(root, "examples"), path).split("/")[0] ?? "");
      return importsOf(path)
        .filter((specifier) => specifier.startsWith(".") && !resolve(dirname(path), specifier).startsWith(home))
        .map((specifier) => `${relative(root, path)}: ${specifier}`);
    });
    expect(violations).toEqual([]);
  });
});

describe("style that a machine can hold", () => {
  const all = ["dsl", "engine", "compiler", "sdk", "edge", "cli", "bench", "examples", "tasks", "test"].flatMap(
    sourcesOf,
  );

  test("no file is longer than 400 lines", () => {
    const long = all
      .map((path) => [relative(root, path), readFileSync(path, "utf8").split("\n").length - 1] as const)
      .filter(([, lines]) => lines > 400);
    expect(long).toEqual([]);
  });

  test("file names are kebab-case, and no drawer is called utils", () => {
    const bad = all
      .map((path) => relative(root, path))
      .filter((path) => {
        const name = path.split("/").at(-1) ?? "";
        return (
          !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+$/.test(name) ||
          /^(utils?|helpers?|common|misc|types|manager|service)\./.test(name)
        );
      });
    expect(bad).toEqual([]);
  });

  test("the lockfile and the sources name no registry host and no path of a machine", () => {
    const suspicious = ["package-lock.json", "package.json", "README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"]
      .map((name) => join(root, name))
      .concat(all)
      .filter((path) => !path.endsWith("layers.test.ts"))
      .filter((path) => /"resolved":|registry\.npmjs|\/root\/|\/work\//.test(readFileSync(path, "utf8")))
      .map((path) => relative(root, path));
    expect(suspicious).toEqual([]);
  });
});
