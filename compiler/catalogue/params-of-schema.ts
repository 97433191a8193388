/** The input schema of a tool as the parameters of its action. */
import type { Parameter, Span } from "../../dsl/index.ts";
import type { JsonObject } from "../../engine/index.ts";
import { noteLeft } from "./schema/keywords.ts";
import { note, type Place, type Reading } from "./schema/reading.ts";
import { admitsOthers, membersOf } from "./schema/record-type.ts";
import { simplify } from "./schema/simplify.ts";
import { typeOfSchema } from "./schema/type-of-schema.ts";

export interface ToolParams {
  /** Their documentation is the schema's description of each, as it stands. */
  readonly params: readonly Parameter[];
  /** The schema says that others are admitted. */
  readonly open: boolean;
  /** What of the schema the parameters don't say, one line each, in the order of the schema. */
  readonly notes: readonly string[];
}

/** Schemas that one tool may have, all references followed. */
const MOST = 4000;

const KEYWORDS = [
  "type",
  "properties",
  "required",
  "additionalProperties",
  "unevaluatedProperties",
  "patternProperties",
];

/** `span` is what the nodes stand for; `root` is the document that references point into, where it isn't the schema. */
export function paramsOfSchema(schema: JsonObject, span: Span, root: JsonObject = schema): ToolParams {
  const reading: Reading = { root, span, notes: [], left: MOST };
  const start: Place = { path: "", refs: [], depth: 0 };
  const simple = simplify(schema, reading, start);
  if (simple.schema === false) return { params: [], open: false, notes: ["no arguments are right"] };
  const object = simple.schema;
  noteLeft(object, KEYWORDS, reading, start);
  const type = object["type"];
  if (type !== undefined && type !== "object")
    note(reading, start, `the arguments are of type ${JSON.stringify(type)}`);
  const { params, nameless } = membersOf(object, reading, simple.place, typeOfSchema);
  if (nameless) note(reading, start, "an argument without a name");
  return { params, open: admitsOthers(object) || nameless, notes: reading.notes };
}
