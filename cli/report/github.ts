/** Findings as workflow commands, which GitHub shows beside the line they are about. */
import type { Diagnostic, Source } from "../../dsl/index.ts";
import { placeOf } from "./findings-json.ts";

/** Source: docs.github.com, "Workflow commands for GitHub Actions". */
export function githubAnnotations(diagnostics: readonly Diagnostic[], sources: readonly Source[]): string {
  return diagnostics
    .map((diagnostic) => {
      const { file, start, end } = placeOf(diagnostic.span, sources);
      const command = diagnostic.level === "note" ? "notice" : diagnostic.level;
      const span = start.line === end.line ? `,endLine=${end.line},endColumn=${end.column}` : `,endLine=${end.line}`;
      const text = [
        diagnostic.message,
        diagnostic.witness === undefined ? null : `note: ${diagnostic.witness}`,
        diagnostic.help === null ? null : `help: ${diagnostic.help}`,
      ];
      const place = `file=${property(file)},line=${start.line},col=${start.column}${span},title=${diagnostic.code}`;
      return `::${command} ${place}::${data(text.filter((line) => line !== null).join("\n"))}\n`;
    })
    .join("");
}

/** A newline or `::` in a message could otherwise start a command of its own. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
