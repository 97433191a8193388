/** Imports as the tests make them. */
import { gunzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import {
  type Catalogue,
  compile,
  type Compilation,
  importCatalogue,
  type ImportedActions,
  readCatalogue,
  type Updated,
  updateImport,
} from "../../compiler/index.ts";
import type { JsonObject } from "../../engine/index.ts";

/** 608 tools of 11 real MCP servers; the licences stand beside the file. */
export function realCatalogues(): readonly Catalogue[] {
  const file = new URL("data/mcp_tool_catalogs.json.gz", import.meta.url);
  const read = readCatalogue(gunzipSync(readFileSync(file)).toString("utf8"));
  if (!read.ok) throw new Error(read.problem);
  return read.value;
}

export function tool(
  name: string,
  inputSchema: JsonObject,
  description: string | null = null,
): Catalogue["tools"][number] {
  return { name, description, inputSchema, hints: {} };
}

export function imported(tools: Catalogue["tools"], prefix = "crm"): ImportedActions {
  return { prefix, source: "a test", actions: importCatalogue({ server: prefix, tools }, prefix), server: null };
}

/** What importing makes of a file's text; null for a new file. */
export function updated(before: string | null, again: ImportedActions): Updated {
  const result = updateImport(before === null ? null : { name: "crm.agentpolicy", text: before }, again);
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join("\n"));
  return result.updated;
}

/** The smallest policy beside which imported actions compile; its agent has these rules. */
export function minimalPolicy(rules: string): string {
  return `policy "imports" {
  environments production
  people oidc "https://people.acme.example" audience "a"
  operators team
  auditors team
}
group team = ["ana@acme.example", "li@acme.example"]
agent bot {
  owner team
  purpose "Uses what was imported"
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  review by 2027-01-31
  ${rules}
}`;
}

export function compiledWith(text: string, rules: string): Compilation {
  return compile([
    { name: "crm.agentpolicy", text },
    { name: "policy.agentpolicy", text: minimalPolicy(rules) },
  ]);
}

export function errorsOf({ diagnostics }: Compilation): readonly string[] {
  return diagnostics.filter(({ level }) => level === "error").map(({ code, message }) => `${code} ${message}`);
}
