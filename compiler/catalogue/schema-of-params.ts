/** Lists of parameters, as catalogues drawn from documentation have them instead of a schema, as JSON Schema. */
import type { JsonObject, JsonValue } from "../../engine/index.ts";
import { isList, isRecord, textIn } from "./read-value.ts";

const TYPES: ReadonlyMap<string, string> = new Map([
  ["string", "string"],
  ["str", "string"],
  ["number", "number"],
  ["float", "number"],
  ["integer", "integer"],
  ["int", "integer"],
  ["boolean", "boolean"],
  ["bool", "boolean"],
  ["array", "array"],
  ["list", "array"],
  ["object", "object"],
  ["dict", "object"],
]);

/** `[{ name, type?, required?, description?, enum? }]` as the schema of an object; undefined for anything else. */
export function schemaOfParams(params: JsonValue | undefined): JsonObject | undefined {
  if (!isList(params)) return undefined;
  const named = params.filter(isRecord).filter((param) => textIn(param, "name") !== null);
  if (named.length < params.length) return undefined;
  const required = named.filter((param) => param["required"] === true).map((param) => textIn(param, "name") ?? "");
  const properties = Object.fromEntries(named.map((param) => [textIn(param, "name") ?? "", schemaOfParam(param)]));
  return { type: "object", properties, required };
}

function schemaOfParam(param: JsonObject): JsonObject {
  const description = textIn(param, "description");
  const told = description === null ? {} : { description };
  if (isList(param["enum"])) return { ...told, enum: param["enum"] };
  const type = textIn(param, "type");
  return { ...told, ...(type === null ? {} : schemaOfType(type)) };
}

/** Python's spellings too: `Optional[str]`, `str | None`, `list[int]`. */
function schemaOfType(type: string): JsonObject {
  const [, optional] = /^(?:Optional\[(?=.*\]$))?(.*?)(?:\]| *\| *None)?$/.exec(type) ?? [];
  const [, of] = /^(?:list|List|array|Array)[[<](\w+)[\]>]$/.exec(type) ?? [];
  const item = TYPES.get(of ?? "");
  if (item !== undefined) return { type: "array", items: { type: item } };
  const plain = TYPES.get(type) ?? TYPES.get(optional ?? "");
  return plain === undefined ? { $comment: `stated as ${type}` } : { type: plain };
}
