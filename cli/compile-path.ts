/** Sources from a path, compiled; and what every command prints when that finds something. */
import { compile } from "../compiler/index.ts";
import type { Compilation, Compile, CompileOptions } from "../compiler/index.ts";
import { renderDiagnostics } from "../dsl/index.ts";
import type { Diagnostic, Source } from "../dsl/index.ts";
import type { Table } from "../engine/index.ts";
import { readSources, readToolFiles, type SourceFile } from "./read-sources.ts";
import { isColoured, note, widthOf } from "./terminal.ts";

export interface Compiled {
  readonly sources: readonly SourceFile[];
  /** What it was compiled with, for whoever compiles a changed text. */
  readonly options: CompileOptions;
  readonly compilation: Compilation;
}

/** @param again `createCompiler()`, for who compiles the same path again and again */
export async function compilePath(path: string, again: Compile = compile): Promise<Compiled> {
  const sources = await readSources(path);
  const options = { today: Date.now(), files: await readToolFiles(sources) };
  return { sources, options, compilation: again(sources, options) };
}

export function errorsIn(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter((diagnostic) => diagnostic.level === "error");
}

/** Code frames on stderr. */
export function showFrames(diagnostics: readonly Diagnostic[], sources: readonly Source[]): void {
  if (diagnostics.length === 0) return;
  note(renderDiagnostics(diagnostics, sources, { colour: isColoured("stderr"), width: widthOf("stderr") }));
}

/** For commands that go on in spite of warnings, such as a review that is overdue. Returns them. */
export function showWarnings({ sources, compilation }: Compiled): readonly Diagnostic[] {
  const warnings = compilation.diagnostics.filter((diagnostic) => diagnostic.level === "warning");
  showFrames(warnings, sources);
  return warnings;
}

/** `2 errors, 1 warning`, `no findings, 1 note`: a note says what is so, and nothing has to be done about it. */
export function countText(diagnostics: readonly Diagnostic[]): string {
  const counted = (level: Diagnostic["level"]): readonly string[] => {
    const count = diagnostics.filter((one) => one.level === level).length;
    return count === 0 ? [] : [`${count} ${level}${count === 1 ? "" : "s"}`];
  };
  const findings = [...counted("error"), ...counted("warning")];
  return [...(findings.length === 0 ? ["no findings"] : findings), ...counted("note")].join(", ");
}

/** For commands that need a table: the table, or the errors on stderr and exit code 1. */
export function tableOrFrames({ sources, compilation }: Compiled): Table | null {
  const errors = errorsIn(compilation.diagnostics);
  if (compilation.table !== null && errors.length === 0) return compilation.table;
  showFrames(errors, sources);
  note(`${countText(errors)}; no table is made from a policy with errors`);
  process.exitCode = 1;
  return null;
}
