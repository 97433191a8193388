/**
 * The text of a tool catalogue: what MCP's `tools/list` answers, that answer in its JSON-RPC envelope, a bare list of
 * tools, or a file of several servers. Nothing of it is trusted; whatever doesn't fit is said with its place.
 */
import type { JsonObject, JsonValue } from "../../engine/index.ts";
import type { Catalogue, CatalogueTool, ToolHints } from "./catalogue.ts";
import { type ReadText, readJsonText } from "./read-json-text.ts";
import { isList, isRecord, textIn } from "./read-value.ts";
import { schemaOfParams } from "./schema-of-params.ts";

export function readCatalogue(text: string): ReadText<readonly Catalogue[]> {
  const read = readJsonText(text);
  return read.ok ? catalogues(read.value) : read;
}

/** The same, of a value that has been read already. */
export function catalogues(value: JsonValue): ReadText<readonly Catalogue[]> {
  const problems: string[] = [];
  const found = findCatalogues(value).map(({ server, tools }) => ({ server, tools: readTools(tools, problems) }));
  const [first] = problems;
  if (first !== undefined) return { ok: false, problem: first, at: null };
  if (found.length > 0) return { ok: true, value: found };
  return {
    ok: false,
    at: null,
    problem: 'holds no tools: give what `tools/list` answers, `{"tools": [{"name": …, "inputSchema": {…}}]}`',
  };
}

interface Found {
  readonly server: string | null;
  readonly tools: readonly JsonValue[];
}

function findCatalogues(value: JsonValue): readonly Found[] {
  if (isList(value)) return [{ server: null, tools: value }];
  if (!isRecord(value)) return [];
  if (isRecord(value["result"])) return findCatalogues(value["result"]);
  const { tools, servers } = value;
  if (isList(tools)) return [{ server: textIn(value, "server"), tools }];
  return isList(servers) ? servers.flatMap(findCatalogues) : [];
}

function readTools(values: readonly JsonValue[], problems: string[]): readonly CatalogueTool[] {
  const names = new Set<string>();
  return values.flatMap((value, index) => {
    const tool = readTool(value, `tool ${index + 1}`);
    if (typeof tool === "string") problems.push(tool);
    else if (names.has(tool.name)) problems.push(`names the tool \`${tool.name}\` twice`);
    else names.add(tool.name);
    return typeof tool === "string" ? [] : [tool];
  });
}

function readTool(value: JsonValue, place: string): CatalogueTool | string {
  if (!isRecord(value)) return `has no object as ${place}`;
  const name = textIn(value, "name");
  if (name === null || name === "") return `has no \`name\` in ${place}`;
  const schema = value["inputSchema"] ?? value["input_schema"] ?? schemaOfParams(value["params"]);
  if (!isRecord(schema)) return `has no \`inputSchema\` for the tool \`${name}\``;
  return {
    name,
    description: textIn(value, "description"),
    inputSchema: schema,
    hints: readHints(value["annotations"]),
  };
}

function readHints(value: JsonValue | undefined): ToolHints {
  if (!isRecord(value)) return {};
  return { ...hint(value, "readOnlyHint"), ...hint(value, "destructiveHint"), ...hint(value, "openWorldHint") };
}

function hint(value: JsonObject, name: keyof ToolHints): ToolHints {
  const stated = value[name];
  return typeof stated === "boolean" ? { [name]: stated } : {};
}
