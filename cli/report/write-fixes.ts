/** `check --fix`: writes the files that safe fixes change, and says what was done. */
import { fixPolicy } from "../../compiler/index.ts";
import type { Compiled } from "../compile-path.ts";
import { rewriteSources } from "../rewrite-sources.ts";
import { inert } from "../inert.ts";
import { noteText } from "../terminal.ts";

/** What is left after the fixes. */
export async function writeFixes({ sources, options }: Compiled): Promise<Compiled> {
  const fixed = fixPolicy(sources, options);
  const texts = new Map(fixed.sources.map(({ name, text }) => [name, text]));
  const after = sources.map((source) => ({ source, text: texts.get(source.name) ?? source.text }));
  await rewriteSources(after.filter(({ source, text }) => text !== source.text));
  for (const { code, span, message, fix } of fixed.applied) {
    noteText(inert(`fixed ${span.source}: ${code} ${message}: ${fix?.title ?? ""}`));
  }
  const left = fixed.compilation.diagnostics.filter(({ fix }) => fix !== null).length;
  if (left > 0)
    noteText(
      left === 1
        ? "1 suggested edit is left to you: it would change the table, or guesses a name"
        : `${left} suggested edits are left to you: they would change the table, or guess names`,
    );
  return { sources: after.map(({ source, text }) => ({ ...source, text })), options, compilation: fixed.compilation };
}
