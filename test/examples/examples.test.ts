/** Every example is a canonical policy without findings whose tests hold, and the benches' policies are no worse. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Compilation, compile, matrix, runTests } from "../../compiler/index.ts";
import { parse, print, renderDiagnostics, type Source } from "../../dsl/index.ts";

const ROOT = join(import.meta.dirname, "../..");

function sourcesIn(folder: string): readonly Source[] {
  const names = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".agentpolicy"));
  return names.toSorted().map((name) => ({ name, text: readFileSync(join(ROOT, folder, name), "utf8") }));
}

function expectNoFindings(sources: readonly Source[], compilation = compile(sources)): Compilation {
  expect(renderDiagnostics(compilation.diagnostics, sources, { colour: false, width: 100 })).toBe("");
  return compilation;
}

const EXAMPLES = readdirSync(join(ROOT, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => `examples/${entry.name}`);

describe.each(EXAMPLES)("%s", (folder) => {
  let compilation: Compilation;
  beforeAll(() => {
    compilation = compile(sourcesIn(folder));
  });

  test("compiles without findings", () => {
    expectNoFindings(sourcesIn(folder), compilation);
  });

  test("all its tests hold", () => {
    const run = runTests(compilation);
    expect(run.tests.length).toBeGreaterThan(3);
    expect(run.tests.filter((one) => !one.passed).map((one) => [one.title, one.failures])).toEqual([]);
  });

  test("its matrix names every agent and action", () => {
    const { table } = compilation;
    if (table === null) throw new Error("no table");
    const shown = JSON.stringify(matrix(table));
    for (const { name } of [...table.body.agents, ...table.body.actions]) expect(shown).toContain(JSON.stringify(name));
  });

  test("its README says what it shows", () => {
    expect(readFileSync(join(ROOT, folder, "README.md"), "utf8")).toContain("agentpolicy test");
  });
});

const POLICIES = [...EXAMPLES, "bench/agentdojo"].flatMap((folder) =>
  sourcesIn(folder).map((source) => [`${folder}/${source.name}`, source] as const),
);

test.each(POLICIES)("%s stands in canonical form", (_, source) => {
  expect(print(parse(source).file)).toBe(source.text);
});

describe.each(["banking.agentpolicy", "slack.agentpolicy", "travel.agentpolicy", "workspace.agentpolicy"])(
  "bench/agentdojo/%s",
  (name) => {
    test("compiles without findings", () => {
      expectNoFindings(sourcesIn("bench/agentdojo").filter((source) => source.name === name));
    });
  },
);
