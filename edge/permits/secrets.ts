/**
 * Arguments as they may leave the Worker: the value of a `secret` parameter is replaced by its length and MAC before
 * anything is stored, shown or logged. What stands where a secret belongs is a secret, whatever its type. A MAC and no
 * plain digest: whoever reads a record could try out short secrets against one.
 */
import { createHmac } from "node:crypto";
import type { Action, JsonValue, Param, ParamType } from "../../engine/index.ts";
import { InexactNumber } from "../../engine/index.ts";
import { canonicalJson } from "./digest.ts";

type JsonObject = { readonly [key: string]: JsonValue };

/** @param key The deployment's `ARGS_MAC_KEY`. */
export function withoutSecrets(args: JsonObject, action: Action | undefined, key: string): JsonObject {
  return action === undefined ? args : replaceIn(args, action.params, key);
}

function replaceIn(args: JsonObject, params: readonly Param[], key: string): JsonObject {
  const entries = Object.entries(args).map(([name, value]): [string, JsonValue] => {
    const param = params.find((candidate) => candidate.name === name);
    if (param === undefined) return [name, value];
    return [name, param.secret ? macOf(value, key) : replaceWithin(value, param.type, key)];
  });
  return Object.fromEntries(entries);
}

function replaceWithin(value: JsonValue, type: ParamType, key: string): JsonValue {
  if (type.kind === "list" && Array.isArray(value))
    return value.map((member) => replaceWithin(member as JsonValue, type.of, key));
  if (type.kind === "record" && isObject(value)) return replaceIn(value, type.fields, key);
  return value;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof InexactNumber);
}

/** `null` is the same as leaving the argument out, so there is nothing to hide. */
function macOf(value: JsonValue, key: string): JsonValue {
  if (value === null) return null;
  const text = typeof value === "string" ? value : canonicalJson(value);
  return { secret: { length: text.length, hmac_sha256: createHmac("sha256", key).update(text).digest("hex") } };
}
