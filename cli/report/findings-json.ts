/** Findings as data: positions are 1-based, columns count UTF-16 units. */
import { servedRisks } from "../../compiler/index.ts";
import { positionOf } from "../../dsl/index.ts";
import type { Diagnostic, Source, Span } from "../../dsl/index.ts";

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface JsonPlace {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}

/**
 * `{ findings: [{ code, level, message, label, help, witness, owasp, file, start, end, related, fix }] }`: `owasp` lists
 * the risks of the OWASP Agentic Top 10 that the finding is about, `fix` holds edits, `witness` a request that shows it.
 */
export function findingsJson(diagnostics: readonly Diagnostic[], sources: readonly Source[]): object {
  return {
    findings: diagnostics.map((diagnostic) => ({
      code: diagnostic.code,
      level: diagnostic.level,
      message: diagnostic.message,
      label: diagnostic.label,
      help: diagnostic.help,
      witness: diagnostic.witness ?? null,
      owasp: servedRisks(diagnostic.code),
      ...placeOf(diagnostic.span, sources),
      related: diagnostic.related.map(({ span, label }) => ({ label, ...placeOf(span, sources) })),
      fix: fixJson(diagnostic, sources),
    })),
  };
}

function fixJson({ fix }: Diagnostic, sources: readonly Source[]): object | null {
  if (fix === null) return null;
  const edits = fix.edits.map(({ span, text }) => ({ ...placeOf(span, sources), text }));
  return { title: fix.title, changes_table: fix.changesTable === true, guess: fix.guess === true, edits };
}

export function placeOf(span: Span, sources: readonly Source[]): JsonPlace {
  const text = sources.find((source) => source.name === span.source)?.text ?? "";
  return { file: span.source, start: positionOf(text, span.start), end: positionOf(text, span.end) };
}
