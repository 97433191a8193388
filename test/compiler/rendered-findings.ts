import { compile } from "../../compiler/index.ts";
import { renderDiagnostics, type Source } from "../../dsl/index.ts";
import { TOOL_FILES } from "../harness/tool-files.ts";

/** What a person would read, without colour, at the width of a terminal. */
export function renderedFindings(source: Source): string {
  const { diagnostics } = compile([source], { today: Date.UTC(2026, 10, 21), files: TOOL_FILES });
  return renderDiagnostics(diagnostics, [source], { colour: false, width: 100 });
}
