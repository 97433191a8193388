/** The request that a finding shows is real: as a step of a test it holds. */
import { expect, test } from "vitest";
import { compile, runTests } from "../../compiler/index.ts";
import { corpusFiles, readCorpus } from "../harness/corpus-file.ts";

const SHOWN = /^for example, `(.*)`$/;

const witnesses = corpusFiles("diagnostics", ".agentpolicy").flatMap((name) => {
  const { text } = readCorpus(`diagnostics/${name}`);
  const { table, diagnostics } = compile([{ name, text }]);
  if (table === null) return [];
  return diagnostics.flatMap(({ code, witness }) => {
    const step = SHOWN.exec(witness ?? "")?.[1];
    return step === undefined ? [] : [{ name, code, step, text }];
  });
});

test("findings of each kind that can show a request show one", () => {
  const codes = new Set(witnesses.map(({ code }) => code));
  for (const code of ["AP4002", "AP4005", "AP4008", "AP4013", "AP4014", "AP4101", "AP4102", "AP4103"])
    expect(codes).toContain(code);
});

test.each(witnesses)("$code in $name: $step", ({ name, text, step }) => {
  const compilation = compile([{ name, text: `${text}\ntest "shown" { ${step} }\n` }]);
  expect(compilation.diagnostics.filter(({ level }) => level === "error")).toEqual([]);
  expect(runTests(compilation, {})).toMatchObject({ passed: 1, failed: 0 });
});
