/** Input schemas as tool servers write them, of every kind that importing turns into a type of its own. */
import * as fc from "fast-check";
import type { JsonObject, JsonValue } from "../../engine/index.ts";

const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("id", "to", "name", "filter", "agent", "limit", "on", "is") },
  { weight: 1, arbitrary: fc.constantFrom("max results", "a.b", "@type", "größe", "x-y", "constructor", "__proto__") },
);

const text = fc.oneof(
  fc.constant({ type: "string" }),
  fc.record({ type: fc.constant("string"), minLength: fc.nat(4), maxLength: fc.integer({ min: 4, max: 40 }) }),
  fc
    .constantFrom("email", "uri", "uuid", "date-time", "date", "hostname", "ipv4", "ipv6", "duration", "time")
    .map((format) => ({ type: "string", format })),
  fc
    .uniqueArray(fc.string({ unit: "grapheme", minLength: 0, maxLength: 6 }), { minLength: 1, maxLength: 4 })
    .map((values) => ({ type: "string", enum: values })),
  fc.constant({ const: "fixed" }),
);

const number = fc.oneof(
  fc.constantFrom({ type: "integer" }, { type: "number" }),
  fc
    .tuple(fc.constantFrom("integer", "number"), fc.integer({ min: -50, max: 50 }), fc.integer({ min: 51, max: 5000 }))
    .map(([type, minimum, maximum]) => ({ type, minimum, maximum })),
  fc.constantFrom(
    { type: "number", exclusiveMinimum: 0, maximum: 100 },
    { type: "integer", exclusiveMinimum: 0, exclusiveMaximum: 10 },
    { type: "number", minimum: 0, exclusiveMinimum: true, maximum: 5 },
    { type: "number", minimum: -0.5, maximum: 0.25 },
    { type: "integer", minimum: 0.5, maximum: 3.5 },
    { type: ["integer", "number"], maximum: 1e300 },
    { enum: [1, 2, 4] },
    { enum: [0.5, 1] },
    { enum: ["a", 1, null] },
  ),
);

const { schema } = fc.letrec<{ schema: JsonObject; object: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    text,
    number,
    fc.constantFrom<JsonObject>(
      { type: "boolean" },
      {},
      { type: ["string", "null"] },
      { type: ["string", "number"] },
      { type: "object" },
      { $ref: "#/$defs/item" },
      { $ref: "#/$defs/tree" },
    ),
    tie("object"),
    fc.record({ type: fc.constant("array"), items: tie("schema") }),
    fc.record({
      type: fc.constant("array"),
      items: tie("schema"),
      minItems: fc.nat(2),
      maxItems: fc.integer({ min: 2, max: 5 }),
    }),
    tie("schema").map((inner) => ({ anyOf: [inner, { type: "null" }] })),
    fc.tuple(tie("schema"), tie("schema")).map(([left, right]) => ({ oneOf: [left, right] })),
    fc.tuple(tie("object"), tie("object")).map(([left, right]) => allOf(left, right)),
    fc.constantFrom<JsonObject>(
      { type: "string", nullable: true },
      { type: "object", additionalProperties: { type: "string" } },
    ),
  ) as fc.Arbitrary<JsonObject>,
  object: fc
    .tuple(
      fc.dictionary(name, tie("schema"), { maxKeys: 4 }),
      fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      fc.constantFrom(undefined, false, true),
    )
    .map(([properties, picks, others]) => {
      const required = Object.keys(properties).filter((_, index) => picks[index]);
      return {
        type: "object",
        properties,
        required,
        ...(others === undefined ? {} : { additionalProperties: others }),
      };
    }),
}));

/** Two objects that both hold share no member, or drawing one that fits both would need a solver. */
function allOf(left: JsonObject, right: JsonObject): JsonObject {
  const taken = new Set(Object.keys(left["properties"] as JsonObject));
  const open = (object: JsonObject): JsonObject => {
    const { additionalProperties: _, ...rest } = object;
    return rest;
  };
  const others = Object.entries(right["properties"] as JsonObject).filter(([key]) => !taken.has(key));
  const required = (right["required"] as string[]).filter((key) => !taken.has(key));
  return { allOf: [open(left), { ...open(right), properties: Object.fromEntries(others), required }] };
}

const DEFS: JsonObject = {
  item: {
    type: "object",
    properties: { sku: { type: "string", minLength: 1 }, n: { type: "integer", minimum: 1 } },
    required: ["sku"],
  },
  tree: {
    type: "object",
    properties: { label: { type: "string" }, under: { type: "array", items: { $ref: "#/$defs/tree" } } },
    required: ["label"],
  },
};

/** The schema of a tool's arguments: an object, with what its references name. */
export const inputSchema: fc.Arbitrary<JsonObject> = fc
  .tuple(fc.dictionary(name, schema, { maxKeys: 5 }), fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }))
  .map(([properties, picks]) => ({
    type: "object",
    properties: properties as { readonly [key: string]: JsonValue },
    required: Object.keys(properties).filter((_, index) => picks[index]),
    $defs: DEFS,
  }));
