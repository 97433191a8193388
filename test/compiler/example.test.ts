import { expect, test } from "vitest";
import { compile, runTests, serializeTable, sha256Hex } from "../../compiler/index.ts";
import { readTable } from "../../engine/index.ts";
import { corpusFiles, expectFile, readCorpus } from "../harness/corpus-file.ts";

test("of the whole example only what comes later is refused", () => {
  const { diagnostics, table } = compile([readCorpus("parse/acme-sales.agentpolicy")]);
  const errors = diagnostics.filter((diagnostic) => diagnostic.level === "error").map(({ message }) => message);
  expect(errors).toEqual([
    "`escalate` is not supported yet",
    "`session.open` is not supported yet",
    "`identity oidc` is not supported yet",
    "`may call` is not supported yet",
    "`canary` is not supported yet",
    "`breaker` is not supported yet",
    "`breaker` is not supported yet",
    "`prove` is not supported yet",
  ]);
  expect(table).toBeNull();
});

test("without what comes later the example compiles without findings, and its tests pass", () => {
  const compilation = compile([readCorpus("compile/acme-sales-supported.agentpolicy")]);
  expect(compilation.diagnostics.filter((diagnostic) => diagnostic.level !== "note")).toEqual([]);
  const run = runTests(compilation);
  expect(run.tests.map((each) => [each.title, each.passed])).toEqual([
    ["refunds above 50 need two people from finance", true],
    ["what a web page said can't leave by mail unseen", true],
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
