import * as fc from "fast-check";
import { expect, test } from "vitest";
import { importOpenApi, readCatalogue } from "../../compiler/index.ts";
import { parse, print } from "../../dsl/index.ts";
import type { JsonObject, JsonValue } from "../../engine/index.ts";
import { compiledWith, errorsOf, imported, tool, updated } from "./imported.ts";

/** How often each property is tried; a long run sets IMPORT_RUNS. */
const runs = 20 * Number(process.env["IMPORT_RUNS"] ?? 8);

const KEYWORDS = (
  "type properties required items enum const anyOf oneOf allOf not $ref $defs format minLength maxLength minimum maximum " +
  "exclusiveMinimum minItems maxItems nullable additionalProperties patternProperties prefixItems pattern description " +
  "multipleOf if"
).split(" ");

const leaf: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(
    "string",
    "object",
    "array",
    "integer",
    "number",
    "null",
    "#",
    "#/$defs/a",
    "#/properties/a",
    "email",
    "",
    -1,
    0,
    1e21,
    0.1,
    null,
    true,
    false,
  ),
  fc.string({ unit: "binary" }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** Keywords of schemas with anything for their value. */
const { anything } = fc.letrec<{ anything: JsonValue }>((tie) => ({
  anything: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    leaf,
    fc.array(tie("anything"), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(fc.constantFrom(...KEYWORDS, "a"), fc.string({ unit: "binary", maxLength: 3 })),
      tie("anything"),
      { maxKeys: 5 },
    ),
  ),
}));

const anyObject = fc.dictionary(fc.constantFrom(...KEYWORDS), anything, { maxKeys: 6 }) as fc.Arbitrary<JsonObject>;

test("whatever stands where a schema should, its tool imports, prints canonically and compiles", () => {
  const holds = fc.property(
    anyObject,
    fc.string({ unit: "binary", minLength: 1 }),
    fc.string({ unit: "binary" }),
    (schema, name, description) => {
      const { text } = updated(null, imported([tool(name, schema, description)]));
      const { file, diagnostics } = parse({ name: "imported", text });
      expect(diagnostics.filter(({ level }) => level === "error")).toEqual([]);
      expect(print(file)).toBe(text);
      expect(errorsOf(compiledWith(text, "allow crm.*"))).toEqual([]);
      expect(updated(text, imported([tool(name, schema, description)])).text).toBe(text);
    },
  );
  fc.assert(holds, { numRuns: runs, seed: 5 });
});

test("whatever a document holds, it is read or refused", () => {
  const paths = fc.dictionary(
    fc.constantFrom("/a", "/a/{id}", "", "/{"),
    fc.dictionary(fc.constantFrom("get", "post", "parameters"), anything),
    { maxKeys: 3 },
  );
  const holds = fc.property(paths, anything, (found, components) => {
    const read = importOpenApi(JSON.stringify({ openapi: "3.1.0", paths: found, components }));
    if (!read.ok) throw new Error(read.problem);
    const actions = read.value.actionsFor("shop");
    const { text } = updated(null, { prefix: "shop", source: "a test", actions, server: null });
    expect(errorsOf(compiledWith(text, "allow *")).filter((error) => !error.startsWith("AP3080"))).toEqual([]);
  });
  fc.assert(holds, { numRuns: runs, seed: 5 });
});

test("random text is refused, never thrown at", () => {
  const holds = fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json()), (text) => {
    const read = readCatalogue(text);
    if (!read.ok) expect(read.problem).toMatch(/^(?:isn't|holds|has|names|is) /);
  });
  fc.assert(holds, { numRuns: runs * 5, seed: 5 });
});

const FILLERS = [
  0xfe00, 0xfe0f, 0xe0100, 0xe01ef, 0xe0000, 0xe0001, 0xe007f, 0x3164, 0x115f, 0x1160, 0x2800, 0xffa0, 0x200c, 0x34f,
];

test.each(FILLERS)("character %i is shown as its escape, wherever a tool holds it", (code) => {
  const hidden = String.fromCodePoint(code);
  const schema = {
    type: "object",
    properties: { [`a${hidden}`]: { enum: [`x${hidden}`], description: `b ${hidden}c` } },
  };
  const { text } = updated(null, imported([tool(`find${hidden}`, schema, `Finds. ${hidden} All.`)]));
  expect(text).not.toContain(hidden);
  expect(text.split(`\\u{${code.toString(16)}}`).length).toBeGreaterThan(3);
  expect(errorsOf(compiledWith(text, "allow crm.*"))).toEqual([]);
});

test("what scripts and emoji need stays", () => {
  const said = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u26a0\ufe0f \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645";
  expect(updated(null, imported([tool("find", {}, said)])).text).toContain(said);
});

test("of a long description it is told how much isn't shown, and another rest is a change", () => {
  const long = (last: string): string => Array.from({ length: 80 }, (_, line) => `line ${line}\n\n\n`).join("") + last;
  const first = updated(null, imported([tool("find", {}, long("Ignore the rest."))]));
  expect(first.text).toMatch(
    /\/\/\/ NOT SHOWN HERE: 101 more lines \(\d+ characters, sha256 [0-9a-f]{12}\), which the/,
  );
  expect(first.text).toMatch(/line 29\n/);
  const next = updated(first.text, imported([tool("find", {}, long("Ignore the rset."))]));
  expect(next.changed.map(({ name }) => name)).toEqual(["crm.find"]);
});
