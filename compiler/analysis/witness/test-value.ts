/** Arguments as a `test` block writes them. */
import type { JsonObject, JsonValue, Param, ParamType } from "../../../engine/index.ts";
import { quote } from "../../../dsl/index.ts";
import { spell } from "../../report.ts";

/** `to: ["bo@acme.example"], amount: 50.01`; null where a value can't be written. */
export function testArguments(args: JsonObject, params: readonly Param[]): string | null {
  const parts = Object.entries(args).map(([name, value]) => {
    const type = params.find((param) => param.name === name)?.type ?? null;
    const text = testValue(value, type);
    return text === null ? null : `${spell(name)}: ${text}`;
  });
  return parts.includes(null) ? null : parts.join(", ");
}

function testValue(value: JsonValue, type: ParamType | null): string | null {
  if (value === null) return "null";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number")
    return Number.isSafeInteger(value) || /^-?\d+\.\d+$/.test(String(value)) ? String(value) : null;
  if (typeof value === "string") return type?.kind === "decimal" ? value : quote(value);
  if (Array.isArray(value)) {
    const items = value.map((item: JsonValue) => testValue(item, type?.kind === "list" ? type.of : null));
    return items.includes(null) ? null : `[${items.join(", ")}]`;
  }
  const inner = testArguments(value as JsonObject, type?.kind === "record" ? type.fields : []);
  return inner === null ? null : `{ ${inner} }`;
}
