/** Arguments that an action's types admit, to show a call with. */
import type { JsonObject, JsonValue, Param, ParamType } from "../../engine/index.ts";

export function sampleArgs(params: readonly Param[]): JsonObject {
  return Object.fromEntries(
    params.filter((param) => !param.optional).map((param) => [param.name, sample(param.type, param.name)]),
  );
}

function sample(type: ParamType, name: string): JsonValue {
  switch (type.kind) {
    case "string":
      return fit(type.like?.replaceAll(/[*?]/g, "x") ?? `${name}-1`, type.min, type.max);
    case "int":
      return type.min ?? Math.min(1, type.max ?? 1);
    case "decimal":
      return type.min ?? type.max ?? "1.00";
    case "bool":
      return true;
    case "email":
      return "kim@customer.example";
    case "host":
      return "www.example.com";
    case "ip":
      return "192.0.2.1";
    case "uuid":
      return "0192f5b8-0000-7000-8000-000000000000";
    case "timestamp":
      return "2026-11-23T10:00:00Z";
    case "duration":
      return "10m";
    case "json":
      return {};
    case "url":
      return `${type.schemes[0] ?? "https"}://www.example.com/`;
    case "path":
      return type.absolute ? "/notes/today.md" : "notes/today.md";
    case "enum":
      return type.values[0] ?? "";
    case "list":
      return Array.from({ length: Math.max(1, type.min) }, () => sample(type.of, name));
    case "record":
      return sampleArgs(type.fields);
  }
}

function fit(text: string, min: number | null, max: number | null): string {
  return text.padEnd(min ?? 0, "x").slice(0, max ?? text.length + (min ?? 0));
}
