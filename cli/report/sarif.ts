/** Findings as SARIF 2.1.0 (OASIS), which code hosts and editors read. */
import type { Diagnostic, Source, Span } from "../../dsl/index.ts";
import { version } from "../version.ts";
import { placeOf } from "./findings-json.ts";

export function sarif(diagnostics: readonly Diagnostic[], sources: readonly Source[]): object {
  const codes = [...new Set(diagnostics.map((diagnostic) => diagnostic.code))].toSorted();
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "agentpolicy", version: version(), rules: codes.map((id) => ({ id })) } },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((diagnostic) => ({
          ruleId: diagnostic.code,
          ruleIndex: codes.indexOf(diagnostic.code),
          level: diagnostic.level,
          message: {
            text: diagnostic.help === null ? diagnostic.message : `${diagnostic.message}\n${diagnostic.help}`,
          },
          locations: [location(diagnostic.span, sources, null)],
          relatedLocations: diagnostic.related.map(({ span, label }) => location(span, sources, label)),
        })),
      },
    ],
  };
}

function location(span: Span, sources: readonly Source[], label: string | null): object {
  const { file, start, end } = placeOf(span, sources);
  return {
    physicalLocation: {
      artifactLocation: { uri: file.split("/").map(encodeURIComponent).join("/") },
      region: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
    },
    ...(label === null ? {} : { message: { text: label } }),
  };
}
