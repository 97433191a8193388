/** What to type to import a server's tools again, as a message names it. */
import type { ServerDeclaration } from "../../dsl/index.ts";
import { toolPath } from "../catalogue/tool-path.ts";

/** From the folder that sources are named from. Files and names are quoted as a shell takes them for one word. */
export function importCommand({ name, tools, span }: ServerDeclaration): string {
  return `agentpolicy import mcp ${inShell(toolPath(span.source, tools.value))} --server ${name.value} -o ${inShell(span.source)}`;
}

function inShell(path: string): string {
  return /^[\w./@:+,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
