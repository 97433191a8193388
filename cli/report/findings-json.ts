/** Findings as data: positions are 1-based, columns count UTF-16 units. */
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

/** `{ findings: [{ code, level, message, help, file, start, end, related }] }` */
export function findingsJson(diagnostics: readonly Diagnostic[], sources: readonly Source[]): object {
  return {
    findings: diagnostics.map((diagnostic) => ({
      code: diagnostic.code,
      level: diagnostic.level,
      message: diagnostic.message,
      help: diagnostic.help,
      ...placeOf(diagnostic.span, sources),
      related: diagnostic.related.map(({ span, label }) => ({ label, ...placeOf(span, sources) })),
    })),
  };
}

export function placeOf(span: Span, sources: readonly Source[]): JsonPlace {
  const text = sources.find((source) => source.name === span.source)?.text ?? "";
  return { file: span.source, start: positionOf(text, span.start), end: positionOf(text, span.end) };
}
