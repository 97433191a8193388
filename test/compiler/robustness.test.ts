import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compile, serializeTable, sha256Hex } from "../../compiler/index.ts";
import { readTable } from "../../engine/index.ts";
import { corpusFiles, readCorpus } from "../harness/corpus-file.ts";

const texts = [
  ...corpusFiles("compile", ".agentpolicy").map((name) => readCorpus(`compile/${name}`).text),
  ...corpusFiles("diagnostics", ".agentpolicy").map((name) => readCorpus(`diagnostics/${name}`).text),
];
const words = [...new Set(texts.flatMap((text) => text.match(/"[^"\n]*"|[A-Za-z_][\w.]*\*?|\d[\w.:]*|\S/g) ?? []))];

/** A policy with some of its words taken out or put in the place of others. */
const mangled = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(fc.tuple(fc.nat(1_000_000), fc.option(fc.constantFrom(...words), { nil: "" })), { maxLength: 4 }),
  )
  .map(([text, changes]) => {
    const parts = text.split(/("[^"\n]*"|[A-Za-z_][\w.]*\*?|\d[\w.:]*)/);
    for (const [at, word] of changes) parts[at % parts.length] = word;
    return parts.join("");
  });

test("whatever stands in a file, the compiler answers, and its table is one that the engine reads", () => {
  fc.assert(
    fc.property(mangled, (text) => {
      const { diagnostics, table } = compile([{ name: "mangled.agentpolicy", text }]);
      for (const { span } of diagnostics) expect(span.start <= span.end && span.end <= text.length).toBe(true);
      expect(table === null).toBe(diagnostics.some((diagnostic) => diagnostic.level === "error"));
      if (table !== null) expect(readTable(JSON.parse(serializeTable(table)), sha256Hex)).toMatchObject({ ok: true });
    }),
    { numRuns: Number(process.env["AGENTPOLICY_FUZZ_RUNS"] ?? 400) },
  );
});

test("no files are a policy without a block", () => {
  expect(compile([]).table).toBeNull();
  expect(compile([{ name: "empty.agentpolicy", text: "" }]).diagnostics.map(({ code }) => code)).toEqual(["AP2003"]);
});
