/** Replays every recorded session of the suites under the suite's policy. */
import { readFileSync } from "node:fs";
import { compile, serializeTable, sha256Hex } from "../../compiler/index.ts";
import { renderDiagnostics } from "../../dsl/index.ts";
import { prepare, readTable } from "../../engine/index.ts";
import type { SuiteResult } from "./report.ts";
import { replay, type Stage } from "./replay.ts";
import { readSessions } from "./sessions.ts";

const SUITES = ["banking", "slack"];

/** Compiles the suite's policy and reads the table back as the edge does. */
function stageOf(suite: string): Stage {
  const name = `${suite}.agentpolicy`;
  const source = { name, text: readFileSync(new URL(name, import.meta.url), "utf8") };
  const { table, diagnostics } = compile([source]);
  if (table === null) throw new Error(renderDiagnostics(diagnostics, [source], { colour: false, width: 100 }));
  const read = readTable(JSON.parse(serializeTable(table)), sha256Hex);
  if (!read.ok) throw new Error(read.problem);
  const agent = read.table.body.agents[0]?.name ?? "";
  return { table: read.table, policy: prepare(read.table), agent };
}

export function run(): readonly SuiteResult[] {
  const sessions = readSessions().filter((session) => session.testable !== false);
  return SUITES.flatMap((suite) => {
    const stage = stageOf(suite);
    const own = sessions.filter((session) => session.suite === suite);
    const versions = [...new Set(own.map((session) => session.version))];
    return versions.map((version) => ({
      suite,
      version,
      played: own.filter((session) => session.version === version).map((session) => replay(stage, session)),
    }));
  });
}
