/** JSON Schema to types of parameters. What no type says becomes `json`, and a note says what was there. */
import { isList, memberIn } from "../read-value.ts";
import { enumType, type JsonObject, type JsonValue, listType, namedType, type TypeNode } from "./ast.ts";
import { countBounds, numberBounds } from "./bounds.ts";
import { brief, isSilent, noteLeft } from "./keywords.ts";
import { inside, note, type Place, type ReadType, type Reading } from "./reading.ts";
import { recordType } from "./record-type.ts";
import { simplify } from "./simplify.ts";
import { textType } from "./text-type.ts";

const DEEPEST = 24;

/** Null where the schema admits nothing at all. */
export function typeOfSchema(given: JsonValue | undefined, reading: Reading, place: Place): ReadType | null {
  if (--reading.left < 0 || place.depth > DEEPEST) {
    note(reading, place, reading.left < 0 ? "the schema is too large" : "the schema is nested too deeply");
    return { type: jsonType(reading), nullable: true, secret: false };
  }
  const { schema, nullable, place: at } = simplify(given, reading, place);
  if (schema === false) return null;
  const type = plainType(schema, reading, at);
  return { type, nullable: nullable || admitsNull(schema, reading, at), secret: isSecret(schema) };
}

/** Says so itself, or by one of several alternatives. What says nothing at all isn't meant to be null. */
function admitsNull(schema: JsonObject, reading: Reading, place: Place): boolean {
  if (schema["type"] === "null" || valuesOf(schema)?.includes(null) === true) return true;
  const alternatives = memberIn(schema, "anyOf") ?? memberIn(schema, "oneOf");
  if (!isList(alternatives) || typeName(schema) !== null) return false;
  return alternatives.some((one) => {
    const inner = simplify(one, reading, place);
    return inner.nullable || (inner.schema !== false && admitsNull(inner.schema, reading, inner.place));
  });
}

function isSecret(schema: JsonObject): boolean {
  return schema["format"] === "password";
}

function jsonType({ span }: Reading): TypeNode {
  return namedType("json", [], span);
}

/** `json`, with what was there instead. */
function unread(what: string, reading: Reading, place: Place): TypeNode {
  note(reading, place, what);
  return jsonType(reading);
}

function plainType(schema: JsonObject, reading: Reading, place: Place): TypeNode {
  const alternatives = memberIn(schema, "anyOf") ?? memberIn(schema, "oneOf");
  const values = valuesOf(schema);
  if (values !== null) return valuesType(values, schema, reading, place);
  const type = typeName(schema);
  if (isList(alternatives) && type === null) return alternativesType(alternatives, reading, place);
  switch (type) {
    case "string":
      return textType(schema, reading, place) ?? unread("no text fits its bounds", reading, place);
    case "integer":
    case "number":
      return numberType(schema, reading, place);
    case "boolean":
      noteLeft(schema, ["type"], reading, place);
      return namedType("bool", [], reading.span);
    case "array":
      return arrayType(schema, reading, place);
    case "object":
      return recordType(schema, reading, place, typeOfSchema) ?? unread(objectText(schema), reading, place);
    case null:
      return unread(isSilent(schema) ? anyText(schema) : `a value with ${brief(schema)}`, reading, place);
    default:
      return unread(`a value of type ${type}`, reading, place);
  }
}

/** The stated type, or the one that other keywords imply. */
function typeName(schema: JsonObject): string | null {
  const type = memberIn(schema, "type");
  if (typeof type === "string") return type;
  if (isList(type)) return type.filter((one) => typeof one === "string").join(" or ");
  if (memberIn(schema, "properties") !== undefined) return "object";
  if (memberIn(schema, "items") !== undefined) return "array";
  return null;
}

function anyText(schema: JsonObject): string {
  const comment = schema["$comment"];
  return typeof comment === "string" ? `no type that is known here, ${comment}` : "any value, no type is stated";
}

function objectText(schema: JsonObject): string {
  const names = Object.keys((schema["properties"] ?? {}) as JsonObject);
  return names.length === 0 ? "an object with any members" : `an object with ${names.join(", ")} and any other members`;
}

// -- values -----------------------------------------------------------------------------------------------------

function valuesOf(schema: JsonObject): readonly JsonValue[] | null {
  if (Object.hasOwn(schema, "const")) return [schema["const"] ?? null];
  const values = memberIn(schema, "enum");
  return isList(values) ? values : null;
}

function valuesType(values: readonly JsonValue[], schema: JsonObject, reading: Reading, place: Place): TypeNode {
  noteLeft(schema, ["type", "enum", "const", "format", "minLength", "maxLength"], reading, place);
  if (values.length > 0 && values.every((value) => typeof value === "string"))
    return enumType([...new Set(values)], reading.span);
  if (values.length > 0 && values.every((value) => typeof value === "boolean")) {
    if (new Set(values).size === 1) note(reading, place, `only ${String(values[0])} is meant`);
    return namedType("bool", [], reading.span);
  }
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length === 0 || numbers.length < values.length) return unread(`one of ${brief(values)}`, reading, place);
  const bounds = { minimum: Math.min(...numbers), maximum: Math.max(...numbers) };
  if (new Set(numbers).size > 1) note(reading, place, `only ${numbers.join(", ")} are meant`);
  return numberType({ ...bounds, type: numbers.every(Number.isInteger) ? "integer" : "number" }, reading, place);
}

/** Alternatives that come to one type. */
function alternativesType(alternatives: readonly JsonValue[], reading: Reading, place: Place): TypeNode {
  const simple = alternatives.map((one) => simplify(one, reading, place).schema);
  const texts = simple.flatMap((one) => (one === false ? [] : (valuesOf(one) ?? [null])));
  if (texts.every((value) => typeof value === "string")) return enumType([...new Set(texts)], reading.span);
  const types = simple.map((one) => (one === false ? "nothing" : (typeName(one) ?? "any value")));
  return unread(`one of several: ${[...new Set(types)].join(", ")}`, reading, place);
}

// -- numbers and lists ------------------------------------------------------------------------------------------

const NUMBER_KEYWORDS = [
  "type",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "format",
  "enum",
  "const",
];

function numberType(schema: JsonObject, reading: Reading, place: Place): TypeNode {
  const step = memberIn(schema, "multipleOf");
  const whole = schema["type"] === "integer" || (typeof step === "number" && Number.isInteger(step));
  noteLeft(schema, [...NUMBER_KEYWORDS, ...(step === 1 ? ["multipleOf"] : [])], reading, place);
  const bounds = numberBounds(schema, whole, reading, place);
  if (bounds === null) return unread(`no number fits ${brief(schema)}`, reading, place);
  return namedType(whole ? "int" : "decimal", bounds, reading.span);
}

const LIST_KEYWORDS = ["type", "items", "minItems", "maxItems", "prefixItems", "additionalItems"];

function arrayType(schema: JsonObject, reading: Reading, place: Place): TypeNode {
  noteLeft(schema, LIST_KEYWORDS, reading, place);
  const counts = countBounds(schema, ["minItems", "maxItems"]);
  if (counts === null) return unread("no list fits its bounds", reading, place);
  const [min, max] = counts;
  const settings = [
    // A list has at least one element unless it says otherwise.
    ...(min === 1 ? [] : [["min", { number: String(min) }] as const]),
    ...(max === null ? [] : [["max", { number: String(max) }] as const]),
  ];
  return listType(itemType(schema, reading, inside(place, "[]")), settings, reading.span);
}

function itemType(schema: JsonObject, reading: Reading, place: Place): TypeNode {
  const items = memberIn(schema, "items");
  if (memberIn(schema, "prefixItems") !== undefined || isList(items)) {
    return unread("each element has a schema of its own", reading, place);
  }
  const item = typeOfSchema(items, reading, place);
  if (item === null) return unread("no element is meant", reading, place);
  return item.nullable ? unread("an element may be null", reading, place) : item.type;
}
