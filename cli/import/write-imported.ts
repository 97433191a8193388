/** Imported actions into a file or onto the screen, and what became different. */
import { type ImportedActions, type Updated, updateImport } from "../../compiler/index.ts";
import type { Source } from "../../dsl/index.ts";
import { countText, errorsIn, showFrames } from "../compile-path.ts";
import { inert } from "../inert.ts";
import { readText } from "../read-sources.ts";
import { statIfThere } from "../stat-if-there.ts";
import { note, noteText, print } from "../terminal.ts";
import { writeWhole } from "../write-file.ts";

export interface Target {
  /** Null: standard output. */
  readonly out: string | null;
  /** Change nothing; exit code 1 where something would change. */
  readonly check: boolean;
}

export async function writeImported(imports: readonly ImportedActions[], { out, check }: Target): Promise<void> {
  const before = out === null ? null : await existing(out);
  const whole = updateAll(before, imports);
  if (whole === null) return;
  const { text, updates } = whole;
  for (const [index, updated] of updates.entries()) tellUpdate(imports[index]?.prefix ?? "", updated, before === null);
  if (out === null) return print(text);
  const gates = imports
    .filter((_, index) => opensReview(updates[index]))
    .map(({ prefix }) => `\`${prefix}_unreviewed\``);
  const isSame = text === before?.text;
  if (isSame) note(`${out}: up to date`);
  else if (check) {
    note(`${out}: importing again would change it`);
    process.exitCode = 1;
  } else {
    await writeWhole(out, text);
    note(`wrote ${out}`);
    if (gates.length > 0)
      noteText(
        `next: look at the actions in \`${out}\`, and remove ${gates.join(", ")} from those that may be granted`,
      );
    if (updates.some(({ gone }) => gone.length > 0))
      noteText("rules, limits and tests may still name what is gone: `agentpolicy check` lists them");
  }
}

async function existing(path: string): Promise<Source | null> {
  const found = await statIfThere(path);
  return found === null ? null : { name: path, text: await readText(path) };
}

/** Null, with frames on stderr, for a file that can't be read whole. */
function updateAll(
  before: Source | null,
  imports: readonly ImportedActions[],
): { text: string; updates: Updated[] } | null {
  let source = before;
  const updates: Updated[] = [];
  for (const imported of imports) {
    const result = updateImport(source, imported);
    if (!result.ok) {
      const errors = errorsIn(result.diagnostics);
      showFrames(errors, source === null ? [] : [source]);
      note(`${source?.name ?? ""}: ${countText(errors)}; left as it is`);
      process.exitCode = 1;
      return null;
    }
    updates.push(result.updated);
    source = { name: source?.name ?? "import", text: result.updated.text };
  }
  return { text: source?.text ?? "", updates };
}

/** Whether something came that is shut until somebody has looked at it. */
function opensReview(updated: Updated | undefined): boolean {
  return updated !== undefined && (updated.added.length > 0 || updated.changed.some(({ shut }) => shut));
}

/** In a new file everything is new, which is one line. */
function tellUpdate(prefix: string, { added, changed, gone }: Updated, isNew: boolean): void {
  const shut = changed.filter((one) => one.shut).length;
  const again = shut === 0 ? "" : `, ${shut} to review again`;
  note(`${prefix}: ${added.length} new, ${changed.length} changed, ${gone.length} gone${again}`);
  for (const name of isNew ? [] : added) note(`  + ${inert(name)}`);
  for (const { name, changes, shut: isShut } of changed) {
    note(`  ~ ${inert(name)}${isShut ? ", to review again" : ""}`);
    for (const change of changes) note(`      ${inert(change)}`);
  }
  for (const name of gone) note(`  - ${inert(name)}, now a comment`);
}
