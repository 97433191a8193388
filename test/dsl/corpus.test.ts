import { describe, expect, test } from "vitest";
import { parse, positionOf, print, renderDiagnostics } from "../../dsl/index.ts";
import { expectFile, readCorpus } from "../harness/corpus-file.ts";
import { casesIn, meaningOf, treeText } from "./corpus.ts";

describe("reading", () => {
  test.each(casesIn("parse", ".agentpolicy"))("%s gives the tree or the messages beside it", (name) => {
    const source = readCorpus(`parse/${name}.agentpolicy`);
    const { file, diagnostics } = parse(source);
    if (diagnostics.length > 0) {
      expectFile(`parse/${name}.txt`, renderDiagnostics(diagnostics, [source], { colour: false, width: 80 }));
    }
    if (!diagnostics.some(({ level }) => level === "error")) expectFile(`parse/${name}.json`, treeText(file));
  });

  test("the example of the language page has no finding", () => {
    expect(parse(readCorpus("parse/acme-sales.agentpolicy")).diagnostics).toEqual([]);
  });

  test("each seeded mistake gives one message, on its line, and no other line gives any", () => {
    const source = readCorpus("parse/many-mistakes.agentpolicy");
    const seeded = source.text.split("\n").flatMap((line, index) => (line.includes("// <-") ? [index + 1] : []));
    const { diagnostics } = parse(source);
    expect(diagnostics.map(({ span }) => positionOf(source.text, span.start).line)).toEqual(seeded);
    expect(seeded.length).toBeGreaterThan(60);
  });
});

describe("printing", () => {
  test.each(casesIn("format", ".in.agentpolicy"))("%s is laid out as beside it", (name) => {
    const { file, diagnostics } = parse(readCorpus(`format/${name}.in.agentpolicy`));
    expect(diagnostics).toEqual([]);
    expectFile(`format/${name}.out.agentpolicy`, print(file));
  });

  const readable = [
    ...casesIn("parse", ".json").map((name) => `parse/${name}.agentpolicy`),
    ...casesIn("format", ".agentpolicy").map((name) => `format/${name}.agentpolicy`),
  ];

  test.each(readable)("%s means the same afterwards, and printing it again changes nothing", (path) => {
    const before = parse(readCorpus(path)).file;
    const text = print(before);
    const after = parse({ name: "printed", text });
    expect(after.diagnostics.filter(({ level }) => level === "error")).toEqual([]);
    expect(meaningOf(after.file)).toBe(meaningOf(before));
    expect(print(after.file)).toBe(text);
  });
});
