import { describe, expect, test } from "vitest";
import { compile, runTests, testRunText } from "../../compiler/index.ts";
import { corpusFiles, expectFile, readCorpus } from "../harness/corpus-file.ts";

const policies = corpusFiles("tests", ".agentpolicy");
const isFailing = (name: string): boolean => name.startsWith("failing-");

/** What a person reads in a terminal of 80 columns. */
function rendered(name: string): string {
  const source = readCorpus(`tests/${name}`);
  const compilation = compile([source]);
  expect(compilation.diagnostics.filter(({ level }) => level === "error")).toEqual([]);
  return testRunText(runTests(compilation, { coverage: true }), [source], { colour: false, width: 80 });
}

describe("policies whose tests hold", () => {
  test.each(policies.filter((name) => !isFailing(name)))("%s passes as a whole", (name) => {
    expect(rendered(name)).not.toContain("✗");
  });
});

describe("policies whose tests fail", () => {
  test.each(policies.filter(isFailing))("%s says what came, why, and what to do", (name) => {
    const text = rendered(name);
    expectFile(`tests/${name.replace(".agentpolicy", ".txt")}`, text);
    expect(text.split("\n").filter((line) => line.length > 80 && !line.startsWith("✓"))).toEqual([]);
    expect(text).not.toContain("✓");
  });
});
