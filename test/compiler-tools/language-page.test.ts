import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runTests } from "../../compiler/index.ts";
import { parse, print } from "../../dsl/index.ts";
import { compileBlock, findings, policyBlocks } from "./policy-blocks.ts";

const blocks = policyBlocks(readFileSync(new URL("../../docs/language.md", import.meta.url), "utf8"));

test("the page has examples", () => {
  expect(blocks.length).toBeGreaterThan(8);
});

test.each(blocks.map((block) => [block.heading, block] as const))(
  "the example under %s compiles and its tests pass",
  (_, block) => {
    const compilation = compileBlock(block);
    expect(findings(compilation).filter((one) => one.includes(" error:"))).toEqual([]);
    const failures = runTests(compilation).tests.flatMap((one) => one.failures.map((each) => each.diagnostic.message));
    expect(failures).toEqual([]);
  },
);

test.each(blocks.map((block) => [block.heading, block] as const))(
  "the example under %s is laid out as `fmt` does",
  (_, { text }) => {
    expect(print(parse({ name: "page", text }).file)).toBe(text);
  },
);
