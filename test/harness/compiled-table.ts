/** Tables as text, as an edge takes them. A policy of a test that doesn't compile fails it with what was found. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { compile, serializeTable } from "../../compiler/index.ts";

export function compiledTable(text: string, name = "test.agentpolicy"): string {
  const { table, diagnostics } = compile([{ name, text }]);
  if (table === null) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n"));
  return serializeTable(table);
}

export function compiledFile(path: string): string {
  return compiledTable(readFileSync(path, "utf8"), basename(path));
}
