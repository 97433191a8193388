/** Values that no rule reads (`json`, undeclared arguments) still go into records and permits: their text must be sound. */
import type { JsonValue } from "../request.ts";
import { isList, isObject } from "../values/canonical-json.ts";

/** Is every text in the value, keys included, free of lone surrogates? */
export function isDeeplyWellFormed(value: JsonValue): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (isList(value)) return value.every(isDeeplyWellFormed);
  if (!isObject(value)) return true;
  return Object.keys(value).every((key) => key.isWellFormed() && isDeeplyWellFormed(value[key] ?? null));
}
