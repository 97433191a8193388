import { expect, test } from "vitest";
import { compile, runTests, serializeTable, sha256Hex } from "../../compiler/index.ts";
import { readTable } from "../../engine/index.ts";
import { corpusFiles, expectFile, readCorpus } from "../harness/corpus-file.ts";

const example = readCorpus("parse/acme-sales.agentpolicy");

test("the whole example compiles without a warning, and its tests pass", () => {
  const compilation = compile([example]);
  expect(compilation.diagnostics.filter((diagnostic) => diagnostic.level !== "note")).toEqual([]);
  const run = runTests(compilation);
  expect(run.tests.map((each) => [each.title, each.passed])).toEqual([
    ["refunds above 50 need two people from finance", true],
    ["what a web page said can't leave by mail unseen", true],
  ]);
});

test("its table names what an edge must deliver", () => {
  expect(compile([example]).table?.body.needs).toEqual([
    "breakers",
    "canaries",
    "delegation",
    "escalation",
    "oidc identities",
    "opening limits",
  ]);
});

test.each(corpusFiles("compile", ".agentpolicy"))(
  "the table of %s is the one in the corpus, and the engine reads it",
  (name) => {
    const { table } = compile([readCorpus(`compile/${name}`)]);
    if (table === null) throw new Error("the policy has errors");
    expectFile(`compile/${name.replace(".agentpolicy", ".json")}`, `${JSON.stringify(table, null, 1)}\n`);
    const read = readTable(JSON.parse(serializeTable(table)), sha256Hex);
    expect(read).toEqual({ ok: true, table });
  },
);
