/** `check --fix`: writes the files that safe fixes change, and says what was done. */
import { fixPolicy } from "../../compiler/index.ts";
import type { Compiled } from "../compile-path.ts";
import { policyFiles } from "../read-sources.ts";
import { note } from "../terminal.ts";
import { writeWhole } from "../write-file.ts";

/** What is left after the fixes. */
export async function writeFixes(path: string, { sources, options }: Compiled): Promise<Compiled> {
  const fixed = fixPolicy(sources, options);
  const files = await policyFiles(path);
  for (const [index, source] of fixed.sources.entries()) {
    if (source.text === sources[index]?.text) continue;
    await writeWhole(files[index] ?? source.name, source.text);
  }
  for (const { code, span, message, fix } of fixed.applied) {
    note(`fixed ${span.source}: ${code} ${message}: ${fix?.title ?? ""}`);
  }
  const left = fixed.compilation.diagnostics.filter(({ fix }) => fix !== null).length;
  if (left > 0)
    note(`${left} suggested ${left === 1 ? "edit" : "edits"} would change the table: look at them yourself`);
  return { sources: fixed.sources, options, compilation: fixed.compilation };
}
