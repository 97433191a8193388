/**
 * Arguments that a JSON Schema admits, written from JSON Schema's own definitions and not from the import's code.
 * Left out, because the language is narrower on purpose: texts beyond 32 KiB, numbers beyond 12 digits before and 6
 * behind the point, more than 1,000 elements, members that a schema admits only by saying nothing of them, and
 * addresses, times and UUIDs in another than their canonical spelling, and `null` where no type is stated.
 */
import * as fc from "fast-check";
import type { JsonObject, JsonValue } from "../../engine/index.ts";

type Values = fc.Arbitrary<JsonValue>;

const CANONICAL: { readonly [format: string]: readonly string[] } = {
  email: ["bo@acme.example", "Ana.Li+x@mail.acme.example"],
  uri: ["https://acme.example/", "http://acme.example/a?b=c"],
  uuid: ["0192f0c1-7e5a-7000-8000-000000000000"],
  "date-time": ["2026-11-21T08:00:00Z", "2026-11-21T08:00:00.5+01:00"],
  date: ["2026-11-21"],
  hostname: ["acme.example"],
  ipv4: ["10.0.0.1"],
  ipv6: ["2001:db8::1"],
  duration: ["P1DT2H"],
  time: ["08:00:00Z"],
};

export function instanceOf(schema: JsonValue | undefined, root: JsonObject, depth = 0): Values {
  if (!isObject(schema)) return anything;
  const reference = schema["$ref"];
  if (typeof reference === "string") {
    const target = reference
      .split("/")
      .slice(1)
      .reduce<JsonValue>((value, key) => (value as JsonObject)[key] ?? null, root);
    return instanceOf(target, root, depth + 1);
  }
  if (Array.isArray(schema["allOf"])) return allOf(schema["allOf"] as JsonObject[], root, depth);
  const choices = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(choices)) return fc.oneof(...choices.map((one: JsonValue) => instanceOf(one, root, depth + 1)));
  if ("const" in schema) return fc.constant(schema["const"] ?? null);
  // One server lists no value at all, for an argument that may be left out.
  if (Array.isArray(schema["enum"]) && schema["enum"].length > 0)
    return fc.constantFrom(...(schema["enum"] as JsonValue[]));
  const type = schema["type"];
  const plain = Array.isArray(type)
    ? fc.oneof(...type.map((one: JsonValue) => ofType(one, schema, root, depth)))
    : ofType(type, schema, root, depth);
  return schema["nullable"] === true ? fc.oneof(plain, fc.constant(null)) : plain;
}

function ofType(type: JsonValue | undefined, schema: JsonObject, root: JsonObject, depth: number): Values {
  switch (type) {
    case "string":
      return text(schema);
    case "integer":
      return number(schema, 1);
    case "number":
      return number(schema, 1000);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      // What holds itself does so in lists, which may be empty.
      if (depth > 6 && numberOr(schema["minItems"], 0) === 0) return fc.constant([]);
      return fc.array(instanceOf(schema["items"], root, depth + 1), {
        minLength: numberOr(schema["minItems"], 0),
        maxLength: Math.min(numberOr(schema["maxItems"], 4), numberOr(schema["minItems"], 0) + 4),
      });
    case "object":
      return object(schema, root, depth);
    default:
      return anything;
  }
}

const anything = fc.jsonValue({ maxDepth: 2 }).filter((value) => value !== null) as Values;

function text(schema: JsonObject): Values {
  const format = schema["format"];
  const known = typeof format === "string" ? CANONICAL[format] : undefined;
  if (known !== undefined) return fc.constantFrom(...known);
  const min = numberOr(schema["minLength"], 0);
  const most = Math.min(numberOr(schema["maxLength"], min + 20), min + 20);
  // JSON Schema counts characters as code points, as `unit: "binary"` of fast-check makes them.
  const all = fc.string({ unit: "binary", minLength: min, maxLength: most });
  return all.filter((value) => value.isWellFormed() && lengthOf(value) >= min && lengthOf(value) <= most);
}

function number(schema: JsonObject, parts: number): Values {
  const low = Math.max(numberOr(schema["minimum"], -1e9), numberOr(schema["exclusiveMinimum"], -1e9));
  const high = Math.min(numberOr(schema["maximum"], 1e9), numberOr(schema["exclusiveMaximum"], 1e9));
  const step = parts === 1 ? 1 : parts;
  const [from, to] = [Math.ceil(low * step), Math.floor(high * step)];
  const inside = (value: number): boolean =>
    value >= low &&
    value <= high &&
    value !== schema["exclusiveMinimum"] &&
    value !== schema["exclusiveMaximum"] &&
    !(schema["exclusiveMinimum"] === true && value === schema["minimum"]);
  return fc
    .integer({ min: Math.max(from, -2e9), max: Math.min(Math.max(from, to), 2e9) })
    .map((value) => (value === 0 ? 0 : value / step))
    .filter(inside);
}

function object(schema: JsonObject, root: JsonObject, depth: number): Values {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? (schema["required"] as string[]) : [];
  const names = [...new Set([...Object.keys(properties), ...required])];
  const members = Object.fromEntries(names.map((name) => [name, instanceOf(properties[name], root, depth + 1)]));
  const known = fc.record(members, { requiredKeys: required });
  const others = schema["additionalProperties"];
  if (others !== true && !isObject(others)) {
    return names.length === 0 && others !== false && depth > 0 ? anyObject(root, true, depth) : known;
  }
  return fc.tuple(anyObject(root, others, depth), known).map(([more, own]) => ({ ...more, ...own }));
}

function anyObject(root: JsonObject, members: JsonValue, depth: number): fc.Arbitrary<JsonObject> {
  const name = fc.stringMatching(/^z[a-z]{1,6}$/);
  return fc.dictionary(name, instanceOf(members === true ? {} : members, root, depth + 1), { maxKeys: 3 });
}

/** Of objects without a common member: one object with all of them. */
function allOf(parts: readonly JsonObject[], root: JsonObject, depth: number): Values {
  const properties = Object.fromEntries(
    parts.flatMap((part) => Object.entries((part["properties"] ?? {}) as JsonObject)),
  );
  const required = parts.flatMap((part) => (part["required"] ?? []) as string[]);
  return object({ type: "object", properties, required }, root, depth);
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

function numberOr(value: JsonValue | undefined, other: number): number {
  return typeof value === "number" ? value : other;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
