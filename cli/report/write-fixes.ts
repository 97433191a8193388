/** `check --fix`: writes the files that safe fixes change, and says what was done. */
import { fixPolicy } from "../../compiler/index.ts";
import type { Compiled } from "../compile-path.ts";
import { rewriteSources } from "../rewrite-sources.ts";
import { note } from "../terminal.ts";

/** What is left after the fixes. */
export async function writeFixes({ sources, options }: Compiled): Promise<Compiled> {
  const fixed = fixPolicy(sources, options);
  const texts = new Map(fixed.sources.map(({ name, text }) => [name, text]));
  const after = sources.map((source) => ({ source, text: texts.get(source.name) ?? source.text }));
  await rewriteSources(after.filter(({ source, text }) => text !== source.text));
  for (const { code, span, message, fix } of fixed.applied) {
    note(`fixed ${span.source}: ${code} ${message}: ${fix?.title ?? ""}`);
  }
  const left = fixed.compilation.diagnostics.filter(({ fix }) => fix !== null).length;
  if (left > 0)
    note(`${left} suggested ${left === 1 ? "edit" : "edits"} would change the table: look at them yourself`);
  return { sources: after.map(({ source, text }) => ({ ...source, text })), options, compilation: fixed.compilation };
}
