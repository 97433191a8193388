/** From text to what both sides read: the tree, and the table read back as the edge reads it. */
import { compile, serializeTable, sha256Hex } from "../../compiler/index.ts";
import { parse, renderDiagnostics, type Source } from "../../dsl/index.ts";
import { prepare, readTable } from "../../engine/index.ts";
import type { Compiled } from "./agree.ts";

/** Null where the policy has errors, with what the compiler said. */
export function compiled(sources: readonly Source[]): Compiled | { readonly errors: string } {
  const { table, diagnostics } = compile(sources);
  if (table === null) return { errors: renderDiagnostics(diagnostics, sources, { colour: false, width: 100 }) };
  const read = readTable(JSON.parse(serializeTable(table)), sha256Hex);
  if (!read.ok) throw new Error(`the compiler wrote a table that can't be read: ${read.problem}`);
  const files = sources.map((source) => parse(source).file);
  return { files, table: read.table, prepared: prepare(read.table) };
}

export function sourceOf(declarations: readonly string[], name = "random.agentpolicy"): Source {
  return { name, text: `${declarations.join("\n\n")}\n` };
}
