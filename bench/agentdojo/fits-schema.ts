/**
 * Would the tool itself take these arguments? As much of JSON Schema as AgentDojo's tools use: `required`, `type`,
 * `anyOf`, `enum`, `items` and `$ref` into `$defs`. Arguments that the schema doesn't name are no fault.
 */
interface Schema {
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly $ref?: string;
  readonly required?: readonly string[];
  readonly properties?: { readonly [name: string]: Schema };
  readonly $defs?: { readonly [name: string]: Schema };
}

export function fitsSchema(args: unknown, schema: unknown): boolean {
  return isSchema(schema) && fits(args, schema, schema);
}

function isSchema(schema: unknown): schema is Schema {
  return isRecord(schema);
}

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fits(value: unknown, schema: Schema, root: Schema): boolean {
  if (schema.$ref !== undefined) {
    const target = root.$defs?.[schema.$ref.slice("#/$defs/".length)];
    return target !== undefined && fits(value, target, root);
  }
  if (schema.anyOf !== undefined) return schema.anyOf.some((one) => fits(value, one, root));
  if (schema.enum !== undefined && !schema.enum.includes(value)) return false;
  return isOfType(value, schema, root);
}

function isOfType(value: unknown, schema: Schema, root: Schema): boolean {
  switch (schema.type) {
    case "object":
      return isRecord(value) && fieldsFit(value, schema, root);
    case "array":
      return Array.isArray(value) && value.every((item) => fits(item, schema.items ?? {}, root));
    case "integer":
      return Number.isInteger(value);
    case "number":
    case "string":
    case "boolean":
      return typeof value === schema.type;
    case "null":
      return value === null;
    default:
      return schema.type === undefined;
  }
}

function fieldsFit(value: { readonly [name: string]: unknown }, schema: Schema, root: Schema): boolean {
  if ((schema.required ?? []).some((name) => value[name] === undefined)) return false;
  const known = Object.entries(schema.properties ?? {}).filter(([name]) => value[name] !== undefined);
  return known.every(([name, property]) => fits(value[name], property, root));
}
