/**
 * Arguments as they may leave the Worker: the value of a `secret` parameter is replaced by its length and digest before
 * anything is stored, shown or logged. What stands where a secret belongs is a secret, whatever its type.
 */
import type { Action, JsonValue, Param, ParamType } from "../../engine/index.ts";
import { InexactNumber } from "../../engine/index.ts";
import { canonicalJson, sha256Hex } from "./digest.ts";

type JsonObject = { readonly [key: string]: JsonValue };

export function withoutSecrets(args: JsonObject, action: Action | undefined): JsonObject {
  return action === undefined ? args : replaceIn(args, action.params);
}

function replaceIn(args: JsonObject, params: readonly Param[]): JsonObject {
  const entries = Object.entries(args).map(([name, value]): [string, JsonValue] => {
    const param = params.find((candidate) => candidate.name === name);
    if (param === undefined) return [name, value];
    return [name, param.secret ? digestOf(value) : replaceWithin(value, param.type)];
  });
  return Object.fromEntries(entries);
}

function replaceWithin(value: JsonValue, type: ParamType): JsonValue {
  if (type.kind === "list" && Array.isArray(value))
    return value.map((member) => replaceWithin(member as JsonValue, type.of));
  if (type.kind === "record" && isObject(value)) return replaceIn(value, type.fields);
  return value;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof InexactNumber);
}

/** `null` is the same as leaving the argument out, so there is nothing to hide. */
function digestOf(value: JsonValue): JsonValue {
  if (value === null) return null;
  const text = typeof value === "string" ? value : canonicalJson(value);
  return { secret: { length: text.length, sha256: sha256Hex(text) } };
}
