/** From text to what both sides read: the tree, and the table read back as the edge reads it. */
import { compile, serializeTable, sha256Hex } from "../../compiler/index.ts";
import { type Diagnostic, parse, renderDiagnostics, type Source } from "../../dsl/index.ts";
import { prepare, readTable } from "../../engine/index.ts";
import type { Compiled } from "./agree.ts";
import type { PolicyPlan } from "./random-policy.ts";

/** Throws where the policy has errors. */
export function compiled(sources: readonly Source[]): Compiled {
  const { table, diagnostics } = compile(sources);
  if (table === null) throw new Error(renderDiagnostics(diagnostics, sources, { colour: false, width: 100 }));
  const read = readTable(JSON.parse(serializeTable(table)), sha256Hex);
  if (!read.ok) throw new Error(`the compiler wrote a table that can't be read: ${read.problem}`);
  const files = sources.map((source) => parse(source).file);
  return { files, table: read.table, prepared: prepare(read.table) };
}

export function sourceOf(declarations: readonly string[], name = "random.agentpolicy"): Source {
  return { name, text: `${declarations.join("\n\n")}\n` };
}

/**
 * A random rule may select nothing or read what an action lacks, which the compiler refuses. Rules stand on one line
 * each, so the refused lines are taken out; null where errors stay.
 */
export function withoutErrors(plan: PolicyPlan): PolicyPlan | null {
  let declarations = plan.declarations;
  for (let round = 0; round < 4; round += 1) {
    const source = sourceOf(declarations);
    const errors = compile([source]).diagnostics.filter((one) => one.level === "error");
    if (errors.length === 0) return { ...plan, declarations };
    const wrong = new Set(errors.map((one) => lineOf(source, one)));
    const lines = source.text.split("\n").filter((line, index) => !(wrong.has(index) && isRule(line)));
    declarations = lines.join("\n").trimEnd().split("\n\n");
  }
  return null;
}

function lineOf({ text }: Source, { span }: Diagnostic): number {
  return text.slice(0, span.start).split("\n").length - 1;
}

function isRule(line: string): boolean {
  return /^ {2}(trial )?(allow|notify|ask|never|limit|may call|may become) /.test(line);
}
