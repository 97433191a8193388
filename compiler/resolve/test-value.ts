/** Arguments of a test's call as JSON, the way an agent would send them. */
import type { TestArgument, TestValue } from "../../dsl/index.ts";
import type { JsonObject, JsonValue, Param, ParamType } from "../../engine/index.ts";
import { assertNever } from "../assert-never.ts";

export function argumentsOf(args: readonly TestArgument[], params: readonly Param[]): JsonObject {
  const object: { [name: string]: JsonValue } = Object.create(null);
  for (const { name, value } of args) {
    const type = params.find((param) => param.name === name.value)?.type ?? null;
    object[name.value] = jsonOf(value, type);
  }
  return object;
}

/** A number is sent as text where a decimal is due, because JSON numbers needn't be exact. */
function jsonOf(value: TestValue, type: ParamType | null): JsonValue {
  switch (value.kind) {
    case "String":
    case "Boolean":
      return value.value;
    case "Number":
      return type?.kind === "decimal" ? value.text : Number(value.text);
    case "Duration":
      return value.text;
    case "Date":
      return `${value.text}T00:00:00Z`;
    case "Time":
      return value.text;
    case "Null":
      return null;
    case "ListValue":
      return value.items.map((item) => jsonOf(item, type?.kind === "list" ? type.of : null));
    case "RecordValue":
      return argumentsOf(value.fields, type?.kind === "record" ? type.fields : []);
    default:
      return assertNever(value);
  }
}
