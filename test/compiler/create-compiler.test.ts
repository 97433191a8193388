import { describe, expect, test } from "vitest";
import { compile, createCompiler } from "../../compiler/index.ts";
import { corpusFiles, readCorpus } from "../harness/corpus-file.ts";

const names = corpusFiles("diagnostics", ".agentpolicy");
const TODAY = Date.UTC(2026, 10, 21, 8);

function told(result: ReturnType<typeof compile>): unknown {
  return { diagnostics: result.diagnostics, table: result.table };
}

describe("a compiler that remembers", () => {
  test.each(names)("says of %s what a fresh one says, again and again, and after an edit", (name) => {
    const source = readCorpus(`diagnostics/${name}`);
    // A rule more in a block of its own, and then as it was before.
    const edited = { ...source, text: `${source.text}\nrole one_more {\n}\n` };
    const again = createCompiler();
    for (const one of [source, source, edited, source]) {
      expect(told(again([one], { today: TODAY }))).toEqual(told(compile([one], { today: TODAY })));
    }
  });

  test("sees that a rule lost its effect through a change elsewhere", () => {
    const policy = (more: string): string => `${readCorpus("beginners/000-right.agentpolicy").text}\n${more}`;
    const again = createCompiler();
    const codes = (text: string): readonly string[] =>
      again([{ name: "a.agentpolicy", text }], { today: TODAY }).diagnostics.map(({ code }) => code);
    expect(codes(policy(""))).toEqual([]);
    expect(codes(policy("every agent {\n  never tickets.read\n}\n"))).toContain("AP4101");
    expect(codes(policy(""))).toEqual([]);
  });
});
