/** Objects: records where their members are known, and the arguments of a tool. */
import { isList, isRecord, memberIn } from "../read-value.ts";
import { type JsonObject, type JsonValue, nameNode, namedType, type Parameter, type TypeNode } from "./ast.ts";
import { noteLeft } from "./keywords.ts";
import { inside, note, type Place, type ReadType, type Reading } from "./reading.ts";

type Read = (given: JsonValue | undefined, reading: Reading, place: Place) => ReadType | null;

const KEYWORDS = ["type", "properties", "required", "additionalProperties", "unevaluatedProperties"];

/** Null where the object may have members that aren't named. One that says nothing of others has none. */
export function recordType(schema: JsonObject, reading: Reading, place: Place, read: Read): TypeNode | null {
  const properties = memberIn(schema, "properties");
  const named = isRecord(properties) && Object.keys(properties).length > 0;
  if (admitsOthers(schema) || (!named && memberIn(schema, "additionalProperties") !== false)) return null;
  noteLeft(schema, KEYWORDS, reading, place);
  const { params, nameless } = membersOf(schema, reading, place, read);
  return nameless ? null : { kind: "RecordType", fields: params, span: reading.span };
}

export function admitsOthers(schema: JsonObject): boolean {
  const others = memberIn(schema, "additionalProperties") ?? memberIn(schema, "unevaluatedProperties");
  return (others !== undefined && others !== false) || memberIn(schema, "patternProperties") !== undefined;
}

export interface Members {
  readonly params: readonly Parameter[];
  /** A member without a name, which the language can't write. */
  readonly nameless: boolean;
}

export function membersOf(schema: JsonObject, reading: Reading, place: Place, read: Read): Members {
  const properties = memberIn(schema, "properties");
  const known = isRecord(properties) ? Object.entries(properties) : [];
  const listed = memberIn(schema, "required");
  const required = new Set(isList(listed) ? listed.filter((name) => typeof name === "string") : []);
  // What is required and nowhere described may be anything.
  const bare = [...required]
    .filter((name) => !known.some(([other]) => other === name))
    .map((name) => [name, true] as const);
  const all = [...known, ...bare];
  const params = all.flatMap(([name, member]) =>
    name === "" ? [] : memberOf(name, member, required.has(name), reading, place, read),
  );
  return { params, nameless: all.some(([name]) => name === "") };
}

function memberOf(
  name: string,
  schema: JsonValue,
  required: boolean,
  reading: Reading,
  place: Place,
  read: Read,
): readonly Parameter[] {
  const { span } = reading;
  const at = inside(place, name);
  const found = read(schema, reading, at);
  if (found === null && !required) return [];
  if (found === null) note(reading, at, "is required, and no value is right");
  const { type, nullable, secret } = found ?? { type: namedType("json", [], span), nullable: false, secret: false };
  const doc = isRecord(schema) && typeof schema["description"] === "string" ? schema["description"] : null;
  return [{ kind: "Parameter", name: nameNode(name, span), secret, type, optional: nullable || !required, doc, span }];
}
