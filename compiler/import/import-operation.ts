/** One operation of an OpenAPI document as an action. */
import type { Parameter } from "../../dsl/index.ts";
import type { JsonObject, JsonValue } from "../../engine/index.ts";
import { paramsOfSchema } from "../catalogue/params-of-schema.ts";
import { isList, isRecord, memberIn, textIn } from "../catalogue/read-value.ts";
import { resolvePointer } from "../catalogue/schema/simplify.ts";
import type { ImportedAction } from "./imported-action.ts";
import { plainName, resourceSegment } from "./plain-name.ts";
import { proposeClasses } from "./propose-classes.ts";

export const METHODS = ["get", "head", "options", "post", "put", "patch", "delete", "trace"] as const;

export interface Operation {
  readonly document: JsonObject;
  readonly path: string;
  readonly method: (typeof METHODS)[number];
  /** What all operations of the path share. */
  readonly item: JsonObject;
  readonly operation: JsonObject;
}

const CLASSES: { readonly [method in Operation["method"]]: readonly string[] } = {
  get: ["read"],
  head: ["read"],
  options: ["read"],
  trace: ["read"],
  post: ["write"],
  put: ["write"],
  patch: ["write"],
  delete: ["write", "delete"],
};

const NOWHERE = { source: "", start: 0, end: 0 };

export function importOperation(given: Operation, prefix: string): ImportedAction {
  const { document, path, method, operation } = given;
  const key = `${method.toUpperCase()} ${path}`;
  const id = textIn(operation, "operationId");
  const { schema, notes } = argumentsOf(given);
  const read = paramsOfSchema(schema, NOWHERE, document);
  const stated = { classes: CLASSES[method], because: `${method.toUpperCase()} by its method` };
  // What the path names counts too: POST /refunds is no mere write.
  const named = `${id ?? method} ${path.replaceAll(/\{[^}]*\}/g, "")}`;
  return {
    key,
    name: plainName(id ?? `${method}_${path}`) ?? method,
    tool: key,
    description: [textIn(operation, "summary"), textIn(operation, "description")].filter(Boolean).join("\n\n") || null,
    params: read.params,
    open: read.open,
    notes: [...notes, ...read.notes],
    proposal: proposeClasses({ name: named, hints: {}, params: read.params, stated }),
    resource: resourceOf(path, prefix, read.params),
    digest: null,
  };
}

// -- arguments --------------------------------------------------------------------------------------------------

interface Arguments {
  /** Of one object with all of them. */
  readonly schema: JsonObject;
  readonly notes: readonly string[];
}

function argumentsOf({ document, item, operation }: Operation): Arguments {
  // Without a prototype, since `__proto__` is a name like any other here.
  const properties = Object.create(null) as { [name: string]: JsonValue };
  const required: string[] = [];
  const notes: string[] = [];
  for (const param of parametersOf(document, item, operation)) {
    const [name, place] = [textIn(param, "name"), textIn(param, "in")];
    if (name === null) continue;
    if (place !== "path" && place !== "query") {
      notes.push(`the ${place ?? "unplaced"} parameter ${name} is left out`);
      continue;
    }
    properties[name] = described(param, document);
    if (param["required"] === true || place === "path") required.push(name);
  }
  const body = follow(document, operation["requestBody"]);
  if (body !== null) addBody({ properties, required, notes }, body, document);
  return { schema: { type: "object", properties, required, additionalProperties: false }, notes };
}

/** Those of the operation take the place of those of the path. */
function parametersOf(document: JsonObject, item: JsonObject, operation: JsonObject): readonly JsonObject[] {
  const found = [item, operation].flatMap((holder) => {
    const list = memberIn(holder, "parameters");
    return isList(list) ? list.map((param) => follow(document, param)).filter((param) => param !== null) : [];
  });
  return [...new Map(found.map((param) => [`${textIn(param, "in")} ${textIn(param, "name")}`, param])).values()];
}

function described(param: JsonObject, document: JsonObject): JsonObject {
  const own = textIn(param, "description");
  const schema = memberIn(param, "schema") ?? mediaSchema(param, document) ?? {};
  if (own === null) return isRecord(schema) ? schema : {};
  return isRecord(schema) && memberIn(schema, "$ref") === undefined
    ? { ...schema, description: own }
    : { allOf: [schema], description: own };
}

interface Gathered {
  readonly properties: { [name: string]: JsonValue };
  readonly required: string[];
  readonly notes: string[];
}

/** The members of a body stand beside the other parameters, where they are known and no name is taken. */
function addBody({ properties, required, notes }: Gathered, body: JsonObject, document: JsonObject): void {
  const schema = mediaSchema(body, document);
  const isRequired = body["required"] === true;
  const members = schema === null ? null : membersOf(schema, document);
  if (schema === null) notes.push("the body's schema isn't known");
  if (members !== null && isRequired && Object.keys(members.properties).every((name) => !(name in properties))) {
    Object.assign(properties, members.properties);
    required.push(...members.required);
    return;
  }
  let name = "body";
  while (name in properties) name = `_${name}`;
  properties[name] = schema ?? {};
  if (isRequired) required.push(name);
}

/** JSON before forms, and any other before none. */
function mediaSchema(holder: JsonObject, document: JsonObject): JsonObject | null {
  const content = memberIn(holder, "content");
  if (!isRecord(content)) return null;
  const types = Object.keys(content);
  const json = types.find((type) => /^application\/(?:[\w.-]+\+)?json\b/.test(type));
  const chosen = json ?? types.find((type) => /form/.test(type)) ?? types[0];
  const media = chosen === undefined ? null : follow(document, content[chosen]);
  const schema = media === null ? undefined : memberIn(media, "schema");
  return isRecord(schema) ? schema : null;
}

interface BodyMembers {
  readonly properties: JsonObject;
  readonly required: readonly string[];
}

/** Null where the body isn't plainly an object of known members. */
function membersOf(schema: JsonObject, document: JsonObject): BodyMembers | null {
  const object = follow(document, schema);
  if (object === null || ["allOf", "anyOf", "oneOf", "not"].some((word) => word in object)) return null;
  const { properties, required, additionalProperties } = object;
  if (!isRecord(properties) || (additionalProperties !== undefined && additionalProperties !== false)) return null;
  const names = isList(required) ? required.filter((name) => typeof name === "string") : [];
  return { properties, required: names };
}

/** The object itself, behind any number of references; null where there is none. */
function follow(document: JsonObject, value: JsonValue | undefined): JsonObject | null {
  let found = value;
  for (let steps = 0; steps < 32 && isRecord(found); steps++) {
    const reference = memberIn(found, "$ref");
    if (typeof reference !== "string") return found;
    found = resolvePointer(document, reference);
  }
  return null;
}

// -- the resource -----------------------------------------------------------------------------------------------

/** What can fill a segment of a resource. */
const FILLS: ReadonlySet<string> = new Set(["string", "int", "uuid", "email", "host"]);

/** `/orders/{id}/items` as `shop/orders/{id}/items`; a part that is no whole segment is cut off with all behind it. */
function resourceOf(path: string, prefix: string, params: readonly Parameter[]): string {
  const segments: string[] = [resourceSegment(prefix)];
  for (const part of path.split("/").filter((one) => one !== "")) {
    const [, hole] = /^\{([^{}]+)\}$/.exec(part) ?? [];
    const param = hole === undefined ? undefined : params.find(({ name }) => name.value === hole);
    if (hole === undefined && part.includes("{")) break;
    if (hole === undefined) segments.push(resourceSegment(part));
    else if (param === undefined || !canFill(param) || /[^\w-]/.test(hole)) break;
    else segments.push(`{${hole}}`);
  }
  return segments.join("/");
}

function canFill({ type, secret }: Parameter): boolean {
  return !secret && (type.kind === "EnumType" || (type.kind === "NamedType" && FILLS.has(type.name.value)));
}
