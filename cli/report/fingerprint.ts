/** What stays of a finding when lines move: by it a code host knows one that it has seen before. */
import { createHash } from "node:crypto";
import type { Diagnostic, Source } from "../../dsl/index.ts";

/** One for each diagnostic, in their order: code, file and line's text, and the how many-eth of these it is. */
export function fingerprints(diagnostics: readonly Diagnostic[], sources: readonly Source[]): readonly string[] {
  const texts = new Map(sources.map(({ name, text }) => [name, text]));
  const seen = new Map<string, number>();
  return diagnostics.map(({ code, span }) => {
    const key = `${code}\n${span.source}\n${lineAt(texts.get(span.source) ?? "", span.start).trim()}`;
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return createHash("sha256").update(`${key}\n${before}`).digest("hex");
  });
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  return text.slice(start, end < 0 ? text.length : end);
}
