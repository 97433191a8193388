import { globSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileBlock, findings, policyBlocks } from "./policy-blocks.ts";

const root = new URL("../../", import.meta.url);
const pages = new URL("docs/diagnostics/", root);

/** Every code that stands in the sources; the parser names its own by number: `mistake(1001, …)` is AP1001. */
function raisedCodes(): readonly string[] {
  const files = globSync("{dsl,compiler}/**/*.ts", { cwd: root.pathname });
  const codes = files.flatMap((file) => {
    const text = readFileSync(new URL(file, root), "utf8").replace(/^\s*(\*|\/\*\*|\/\/).*$/gm, "");
    const numbers = file.startsWith("dsl/") ? [...text.matchAll(/\b1[01]\d\d(?=,)/g)].map(([code]) => `AP${code}`) : [];
    return [...numbers, ...[...text.matchAll(/\bAP\d{4}\b/g)].map(([code]) => code)];
  });
  return [...new Set(codes)].toSorted((a, b) => a.localeCompare(b));
}

const written = readdirSync(pages)
  .filter((name) => /^AP\d{4}\.md$/.test(name))
  .map((name) => name.replace(".md", ""))
  .sort();

test("every code that the sources raise has a page, and no page is left over", () => {
  expect(written).toEqual(raisedCodes());
});

test("the index lists every page with its title", () => {
  const index = readFileSync(new URL("README.md", pages), "utf8");
  for (const code of written) {
    const title = /^# (AP\d{4}: .+)$/m.exec(readFileSync(new URL(`${code}.md`, pages), "utf8"))?.[1] ?? "no title";
    expect(index).toContain(`[${code}](${code}.md): ${title.slice(8)}`);
  }
});

describe.each(written)("the page of %s", (code) => {
  const text = readFileSync(new URL(`${code}.md`, pages), "utf8");
  const blocks = policyBlocks(text);

  test("has its parts", () => {
    expect(text.startsWith(`# ${code}: `)).toBe(true);
    for (const part of ["## Avoid", "## Prefer", "## Why"]) expect(text).toContain(`\n${part}\n`);
    expect(new Set(blocks.map((block) => block.heading))).toEqual(new Set(["Avoid", "Prefer"]));
  });

  test.each(blocks.filter((block) => block.heading === "Avoid"))("what to avoid raises it", (block) => {
    expect(compileBlock(block).diagnostics.map((one) => one.code)).toContain(code);
  });

  test.each(blocks.filter((block) => block.heading === "Prefer"))(
    "what to prefer doesn't, and has no error",
    (block) => {
      const compilation = compileBlock(block);
      expect(compilation.diagnostics.map((one) => one.code)).not.toContain(code);
      expect(findings(compilation).filter((one) => one.includes(" error:"))).toEqual([]);
    },
  );
});
