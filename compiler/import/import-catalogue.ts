/** The tools of one server as actions. */
import type { Catalogue, CatalogueTool } from "../catalogue/catalogue.ts";
import { paramsOfSchema } from "../catalogue/params-of-schema.ts";
import { toolDigest } from "../catalogue/tool-digest.ts";
import type { ImportedAction } from "./imported-action.ts";
import { resourceSegment } from "./plain-name.ts";
import { proposeClasses } from "./propose-classes.ts";

const NOWHERE = { source: "", start: 0, end: 0 };

export function importCatalogue({ tools }: Catalogue, prefix: string): readonly ImportedAction[] {
  return tools.map((tool) => importTool(tool, prefix));
}

function importTool(tool: CatalogueTool, prefix: string): ImportedAction {
  const { name, description, inputSchema, hints } = tool;
  const { params, open, notes } = paramsOfSchema(inputSchema, NOWHERE);
  return {
    key: name,
    name,
    tool: null,
    description,
    params,
    open,
    notes,
    proposal: proposeClasses({ name, hints, params }),
    resource: `${resourceSegment(prefix)}/${resourceSegment(name)}`,
    digest: toolDigest(tool),
  };
}
