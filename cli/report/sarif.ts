/** Findings as SARIF 2.1.0 (OASIS), which code hosts and editors read. */
import type { Diagnostic, Fix, Source, Span } from "../../dsl/index.ts";
import { version } from "../version.ts";
import { placeOf } from "./findings-json.ts";
import { fingerprints } from "./fingerprint.ts";
import { sarifRule } from "./sarif-rule.ts";

export function sarif(diagnostics: readonly Diagnostic[], sources: readonly Source[]): object {
  const levels = new Map(diagnostics.map(({ code, level }) => [code, level]));
  const codes = [...levels.keys()].toSorted();
  const prints = fingerprints(diagnostics, sources);
  const rules = codes.map((code) => sarifRule(code, levels.get(code) ?? "warning"));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "agentpolicy", version: version(), semanticVersion: version(), rules } },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((diagnostic, index) => ({
          ruleId: diagnostic.code,
          ruleIndex: codes.indexOf(diagnostic.code),
          level: diagnostic.level,
          message: { text: messageOf(diagnostic) },
          locations: [location(diagnostic.span, sources, diagnostic.label)],
          relatedLocations: diagnostic.related.map(({ span, label }, id) => ({
            id,
            ...location(span, sources, label),
          })),
          partialFingerprints: { "agentpolicyFinding/v1": prints[index] },
          ...(diagnostic.fix === null ? {} : { fixes: [sarifFix(diagnostic.fix, sources)] }),
        })),
      },
    ],
  };
}

function messageOf({ message, witness, help }: Diagnostic): string {
  return [message, witness ?? null, help].filter((line) => line !== null).join("\n");
}

/** One change for each file, its replacements in the order of the text. */
function sarifFix(fix: Fix, sources: readonly Source[]): object {
  const files = [...new Set(fix.edits.map(({ span }) => span.source))];
  const text =
    fix.title + (fix.changesTable === true ? " (changes the table)" : fix.guess === true ? " (a guess)" : "");
  return {
    description: { text },
    artifactChanges: files.map((file) => ({
      artifactLocation: { uri: uriOf(file) },
      replacements: fix.edits
        .filter(({ span }) => span.source === file)
        .toSorted((a, b) => a.span.start - b.span.start)
        .map((edit) => ({ deletedRegion: region(edit.span, sources), insertedContent: { text: edit.text } })),
    })),
  };
}

function location(span: Span, sources: readonly Source[], label: string | null): object {
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(span.source) }, region: region(span, sources) },
    ...(label === null ? {} : { message: { text: label } }),
  };
}

function region(span: Span, sources: readonly Source[]): object {
  const { start, end } = placeOf(span, sources);
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

function uriOf(file: string): string {
  return file.split("/").map(encodeURIComponent).join("/");
}
