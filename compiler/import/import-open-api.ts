/** OpenAPI 3.0 and 3.1: one action for each operation, its path, query and body parameters as the action's own. */
import type { JsonObject, JsonValue } from "../../engine/index.ts";
import { type ReadText, readJsonText } from "../catalogue/read-json-text.ts";
import { isRecord, textIn } from "../catalogue/read-value.ts";
import { importOperation, METHODS, type Operation } from "./import-operation.ts";
import type { ImportedAction } from "./imported-action.ts";

export interface OpenApi {
  /** The document's own title; null without. */
  readonly title: string | null;
  /** The actions, for a prefix of one's choice. */
  readonly actionsFor: (prefix: string) => readonly ImportedAction[];
}

export function importOpenApi(text: string): ReadText<OpenApi> {
  // YAML that begins as such is told apart from JSON with a mistake in it.
  if (/^\ufeff?\s*(?:#|---|openapi\s*:|swagger\s*:|info\s*:)/.test(text)) {
    return refuse("is YAML, which isn't read: convert it to JSON first");
  }
  const read = readJsonText(text);
  return read.ok ? readDocument(read.value) : read;
}

function readDocument(document: JsonValue): ReadText<OpenApi> {
  if (!isRecord(document)) return refuse("is no OpenAPI document: it holds no object");
  if (textIn(document, "swagger") !== null) {
    return refuse("is Swagger 2.0, which isn't read: convert it to OpenAPI 3 first");
  }
  const version = textIn(document, "openapi");
  if (version === null || !/^3\.[01]\./.test(version)) {
    const found = version === null ? "has no `openapi` version" : `is OpenAPI ${version}`;
    return refuse(`${found}: 3.0 and 3.1 are read`);
  }
  const { info, paths } = document;
  if (!isRecord(paths)) return refuse("has no `paths`");
  const operations = Object.entries(paths).flatMap(([path, item]) => operationsOf(document, path, item));
  return {
    ok: true,
    value: {
      title: isRecord(info) ? textIn(info, "title") : null,
      actionsFor: (prefix) => withOwnNames(operations.map((operation) => importOperation(operation, prefix))),
    },
  };
}

function refuse(problem: string): ReadText<never> {
  return { ok: false, problem, at: null };
}

function operationsOf(document: JsonObject, path: string, item: JsonValue): readonly Operation[] {
  if (!isRecord(item)) return [];
  return METHODS.flatMap((method) => {
    const operation = item[method];
    return isRecord(operation) ? [{ document, path, method, item, operation }] : [];
  });
}

/** Two operations may come to one name where a document numbers none of them. */
function withOwnNames(actions: readonly ImportedAction[]): readonly ImportedAction[] {
  const taken = new Set<string>();
  return actions.map((action) => {
    let { name } = action;
    for (let next = 2; taken.has(name); next++) name = `${action.name}_${next}`;
    taken.add(name);
    return { ...action, name };
  });
}
