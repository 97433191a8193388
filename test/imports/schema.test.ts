import { describe, expect, test } from "vitest";
import { paramsOfSchema } from "../../compiler/index.ts";
import { printParameter } from "../../dsl/index.ts";
import type { JsonObject, JsonValue } from "../../engine/index.ts";

function read(schema: JsonObject): {
  readonly types: readonly string[];
  readonly open: boolean;
  readonly notes: readonly string[];
} {
  const { params, open, notes } = paramsOfSchema(schema, { source: "", start: 0, end: 0 });
  return { types: params.map((param) => printParameter({ ...param, doc: null })), open, notes };
}

/** What one required argument `x` with this schema becomes. */
const CASES: readonly (readonly [schema: JsonValue, type: string, note?: string])[] = [
  [{ type: "string" }, "x: string"],
  [{ type: "string", minLength: 1, maxLength: 80 }, "x: string(min 1, max 80)"],
  [{ type: "string", format: "email" }, "x: email"],
  [{ type: "string", format: "uri" }, "x: url(http, https)"],
  [{ type: "string", format: "uuid" }, "x: uuid"],
  [{ type: "string", format: "date-time" }, "x: timestamp"],
  [{ type: "string", format: "date" }, 'x: string(like "????-??-??")'],
  [{ type: "string", format: "hostname" }, "x: host"],
  [{ type: "string", format: "ipv6" }, "x: ip"],
  [{ type: "string", format: "password" }, "x: secret string"],
  [{ type: "string", format: "duration" }, "x: string", 'x: format "duration" isn\'t checked'],
  [{ type: "string", pattern: "^a+$" }, "x: string", 'x: `pattern` "^a+$" isn\'t checked'],
  [{ type: "string", minLength: 5, maxLength: 2 }, "x: json", "x: no text fits its bounds"],
  [{ enum: ["a", "b", "a"] }, 'x: enum("a", "b")'],
  [{ const: "only" }, 'x: enum("only")'],
  [{ oneOf: [{ const: "a" }, { const: "b" }] }, 'x: enum("a", "b")'],
  [{ enum: ["a", null] }, 'x: enum("a")?'],
  [{ enum: [1, 2, 4] }, "x: int(min 1, max 4)", "x: only 1, 2, 4 are meant"],
  [{ enum: ["a", 1] }, "x: json", 'x: one of ["a",1]'],
  [{ type: "integer", minimum: 1, exclusiveMaximum: 10 }, "x: int(min 1, max 9)"],
  [{ type: "integer", minimum: 0.5, maximum: 9_007_199_254_740_991 }, "x: int(min 1)"],
  [{ type: "number", exclusiveMinimum: 0, maximum: 99.5 }, "x: decimal(min 0.000001, max 99.5)"],
  [{ type: "number", minimum: 0, exclusiveMinimum: true }, "x: decimal(min 0.000001)"],
  [{ type: "number", minimum: -1e308, maximum: 1e308 }, "x: decimal"],
  [{ type: "number", multipleOf: 0.01 }, "x: decimal", "x: `multipleOf` 0.01 isn't checked"],
  [{ type: ["number", "integer"] }, "x: decimal"],
  [{ type: "boolean" }, "x: bool"],
  [{ type: ["string", "null"] }, "x: string?"],
  [{ type: "string", nullable: true }, "x: string?"],
  [{ anyOf: [{ type: "integer" }, { type: "null" }] }, "x: int?"],
  [{ type: ["string", "number"] }, "x: json", "x: a value of type string or number"],
  [{ anyOf: [{ type: "string" }, { type: "object" }] }, "x: json", "x: one of several: string, object"],
  [{}, "x: json", "x: any value, no type is stated"],
  [true, "x: json", "x: any value, no type is stated"],
  [{ type: "array", items: { type: "string" } }, "x: list<string>(min 0)"],
  [{ type: "array", items: { type: "integer" }, minItems: 1, maxItems: 9 }, "x: list<int>(max 9)"],
  [
    { type: "array", items: { type: "string" }, uniqueItems: true },
    "x: list<string>(min 0)",
    "x: `uniqueItems` true isn't checked",
  ],
  [{ type: "array", items: { type: ["string", "null"] } }, "x: list<json>(min 0)", "x[]: an element may be null"],
  [
    { type: "array", prefixItems: [{ type: "string" }] },
    "x: list<json>(min 0)",
    "x[]: each element has a schema of its own",
  ],
  [
    { type: "object", properties: { a: { type: "string" }, b: { type: "integer" } }, required: ["a"] },
    "x: record { a: string, b: int? }",
  ],
  [{ type: "object" }, "x: json", "x: an object with any members"],
  [{ type: "object", additionalProperties: false }, "x: record {}"],
  [{ type: "object", additionalProperties: { type: "string" } }, "x: json", "x: an object with any members"],
  [
    { allOf: [{ properties: { a: { type: "string" } }, required: ["a"] }, { properties: { b: { type: "string" } } }] },
    "x: record { a: string, b: string? }",
  ],
  [{ $ref: "#/$defs/money" }, "x: record { amount: decimal(min 0) }"],
  [{ $ref: "#/$defs/money", description: "Beside it." }, "x: record { amount: decimal(min 0) }"],
  [
    { $ref: "#/$defs/tree" },
    "x: record { under: list<json>(min 0)? }",
    'x.under[]: `$ref` "#/$defs/tree" leads back to itself',
  ],
  [
    { $ref: "https://acme.example/other.json" },
    "x: json",
    'x: `$ref` "https://acme.example/other.json" leads nowhere in this file',
  ],
  [{ type: "string", not: { const: "a" } }, "x: string", 'x: `not` {"const":"a"} isn\'t checked'],
];

describe("an argument's schema", () => {
  test.for(CASES)("%j becomes %s", ([schema, type, note]) => {
    const $defs = {
      money: { type: "object", properties: { amount: { type: "number", minimum: 0 } }, required: ["amount"] },
      tree: { type: "object", properties: { under: { type: "array", items: { $ref: "#/$defs/tree" } } } },
    };
    const { types, notes } = read({ type: "object", properties: { x: schema }, required: ["x"], $defs });
    expect(types).toEqual([type]);
    if (note === undefined) expect(notes).toEqual([]);
    else expect(notes).toContain(note);
  });
});

test("arguments that aren't required are optional", () => {
  expect(read({ type: "object", properties: { a: { type: "string" } } }).types).toEqual(["a: string?"]);
});

test("only a schema that says so admits other arguments", () => {
  expect(read({ type: "object", properties: {} }).open).toBe(false);
  expect(read({ type: "object", additionalProperties: false }).open).toBe(false);
  expect(read({ type: "object", additionalProperties: true }).open).toBe(true);
  expect(read({ type: "object", patternProperties: { "^x-": {} } }).open).toBe(true);
});

test("names outside the identifier syntax are quoted", () => {
  const properties = { "max results": { type: "string" }, "a.b": { type: "string" }, größe: { type: "string" } };
  expect(read({ properties }).types).toEqual(['"max results": string?', '"a.b": string?', '"größe": string?']);
});

test("what is required and nowhere described may be anything", () => {
  expect(read({ type: "object", required: ["id"] }).types).toEqual(["id: json"]);
});

describe("a hostile schema ends soon", () => {
  test("of references that double at each step", () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => {
        const next = { $ref: `#/$defs/d${at + 1}` };
        return [`d${at}`, { type: "object", properties: { a: next, b: next } }];
      }),
    );
    const { notes } = read({ type: "object", properties: { x: { $ref: "#/$defs/d0" } }, $defs });
    expect(notes.some((note) => note.includes("too deeply") || note.includes("too large"))).toBe(true);
  });

  test("of a reference to itself", () => {
    expect(read({ $ref: "#" }).notes).toEqual(['`$ref` "#" leads back to itself']);
  });

  test("of a thousand alternatives within alternatives", () => {
    let schema: JsonObject = { type: "string" };
    for (let depth = 0; depth < 1000; depth++) schema = { anyOf: [schema, { type: "integer" }] };
    expect(read({ properties: { x: schema } }).types).toEqual(["x: json?"]);
  });
});
