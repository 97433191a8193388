/** A type as a policy writes it. */
import type { Param, ParamType } from "../../../engine/index.ts";

function typeText(type: ParamType): string {
  switch (type.kind) {
    case "string":
      return withSettings("string", [
        ...bounds(type),
        ...(type.like === null ? [] : [`like ${JSON.stringify(type.like)}`]),
      ]);
    case "int":
    case "decimal":
      return withSettings(type.kind, bounds(type));
    case "url":
      return withSettings("url", [...type.schemes]);
    case "path":
      return withSettings("path", [...(type.absolute ? ["absolute"] : []), ...(type.lower ? ["lower"] : [])]);
    case "enum":
      return `enum(${type.values.map((value) => JSON.stringify(value)).join(", ")})`;
    case "list":
      return `list<${typeText(type.of)}>(min ${type.min}, max ${type.max})`;
    case "record":
      return `record { ${type.fields.map(paramText).join(", ")} }`;
    default:
      return type.kind;
  }
}

function bounds({
  min,
  max,
}: {
  readonly min: number | string | null;
  readonly max: number | string | null;
}): readonly string[] {
  return [...(min === null ? [] : [`min ${min}`]), ...(max === null ? [] : [`max ${max}`])];
}

function withSettings(name: string, settings: readonly string[]): string {
  return settings.length === 0 ? name : `${name}(${settings.join(", ")})`;
}

/** `note: string(max 100)?`. */
export function paramText({ name, type, optional }: Param): string {
  return `${name}: ${typeText(type)}${optional ? "?" : ""}`;
}
