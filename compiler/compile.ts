/** From text to table: the stages, in their order. Each reports what it finds and goes on with the rest. */
import { type Diagnostic, type File, limitDeclarations, parse, type Read, type Source } from "../dsl/index.ts";
import { type CellMemory, createCellMemory, LOCAL_CHECKS, WHOLE_CHECKS } from "./checks/index.ts";
import { collectNames } from "./collect/collect-names.ts";
import { lowerTable } from "./lower/lower-table.ts";
import type { Compilation } from "./program.ts";
import { createReport } from "./report.ts";
import { environmentsOf } from "./resolve/resolve-settings.ts";
import { resolveProgram } from "./resolve/resolve-program.ts";
import { settleFindings } from "./settle-findings.ts";
import { textReader } from "./type/optional-reads.ts";

export interface CompileOptions {
  /** UTC milliseconds: warns of reviews that are due within 30 days. The compiler never reads a clock. */
  readonly today?: number;
  /** Texts of the tool catalogues that `server` names, by path as the sources are named; `neededFiles` tells which. */
  readonly files?: { readonly [path: string]: string };
  /** How a file is read, for who compiles again and again: `createReader()` remembers those that didn't change. */
  readonly read?: Read;
  /** What was found out before, for the same: `createCellMemory()` remembers the parts of a policy that didn't change. */
  readonly cells?: CellMemory;
}

/**
 * Compiles the files of one policy. Never throws for anything that stands in them: what is wrong becomes a
 * diagnostic, and `table` is null where one of them is an error.
 */
export function compile(sources: readonly Source[], options: CompileOptions = {}): Compilation {
  const report = createReport();
  const { files, mistakes } = parseAll(sources, options.read ?? parse);
  const names = collectNames(files, report);
  const used = new Set<string>();
  const resolver = {
    report,
    names,
    used,
    environments: environmentsOf(names.policy),
    faulty: new Set<string>(),
    textOf: textReader(sources),
  };
  const program = resolveProgram(resolver, new Map(Object.entries(options.files ?? {})));
  const checks =
    isSound(report.diagnostics) && mistakes.length === 0 ? [...LOCAL_CHECKS, ...WHOLE_CHECKS] : LOCAL_CHECKS;
  const context = {
    sources,
    files,
    program,
    names,
    used,
    today: options.today ?? null,
    cells: options.cells ?? createCellMemory(),
    report,
  };
  for (const check of checks) check(context);
  const diagnostics = settleFindings({ sources, files, mistakes, findings: report.diagnostics });
  const table = isSound(diagnostics) ? lowerTable(program, sources) : null;
  return { sources, diagnostics, table, program };
}

function parseAll(
  sources: readonly Source[],
  read: Read,
): {
  readonly files: readonly File[];
  readonly mistakes: readonly Diagnostic[];
} {
  const parsed = sources.map((source) => read(source));
  const { files, mistakes } = limitDeclarations(parsed.map(({ file }) => file));
  return { files, mistakes: [...parsed.flatMap(({ diagnostics }) => [...diagnostics]), ...mistakes] };
}

function isSound(diagnostics: readonly Diagnostic[]): boolean {
  return !diagnostics.some((diagnostic) => diagnostic.level === "error");
}
