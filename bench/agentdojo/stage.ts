/** A suite's policy, compiled and read back as the edge does. */
import { readFileSync } from "node:fs";
import { compile, serializeTable, sha256Hex } from "../../compiler/index.ts";
import { renderDiagnostics, type Source } from "../../dsl/index.ts";
import { prepare, readTable } from "../../engine/index.ts";
import type { Stage } from "./replay.ts";
import { readSuites } from "./sessions.ts";

export const SUITES = ["banking", "slack", "travel", "workspace"] as const;

export function stageOf(suite: string, source = sourceOf(suite)): Stage {
  const { table, diagnostics } = compile([source]);
  if (table === null) throw new Error(renderDiagnostics(diagnostics, [source], { colour: false, width: 100 }));
  const read = readTable(JSON.parse(serializeTable(table)), sha256Hex);
  if (!read.ok) throw new Error(read.problem);
  const agent = read.table.body.agents[0]?.name ?? "";
  const tools = readSuites().find((one) => one.suite === suite)?.tools ?? [];
  const schemas = new Map(tools.map((tool) => [tool.name, tool.input_schema]));
  return { table: read.table, policy: prepare(read.table), agent, schemas };
}

export function sourceOf(suite: string): Source {
  const name = `${suite}.agentpolicy`;
  return { name, text: readFileSync(new URL(name, import.meta.url), "utf8") };
}
