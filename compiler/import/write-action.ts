/** One imported action as text. Its classes are a proposal, and until somebody has looked nothing can grant it. */
import { quote } from "../../dsl/index.ts";
import { commentLines, visibleLine } from "./comment-lines.ts";
import type { ImportedAction } from "./imported-action.ts";
import { rowsWithoutComments, writeParams } from "./write-params.ts";

/** What begins the comments that importing writes, and may write anew. */
export const MARKS = { proposed: "proposed:", unchecked: "not checked:", gone: "gone:" } as const;

/** Actions of this class are never granted: a `never` in `every agent` stands beside its declaration. */
export function gateClass(prefix: string): string {
  return `${prefix}_unreviewed`;
}

export function writeAction(action: ImportedAction, prefix: string): string {
  const { proposal, resource, tool } = action;
  return [
    `// ${MARKS.proposed} ${proposal.classes.join(", ")} — ${visibleLine(proposal.why)}`,
    ...noteLines(action),
    ...docLines(action),
    `action ${prefix}.${quoteSegment(action.name)}${writeParams(rowsWithoutComments(action.params, action.open))}`,
    `is ${[...proposal.classes, gateClass(prefix)].join(", ")} // review: classes and resource, then remove \`${gateClass(prefix)}\``,
    `on ${quote(resource)}`,
    ...(tool === null ? [] : [`tool ${quote(tool)}`]),
  ].join("\n");
}

export function noteLines({ notes }: Pick<ImportedAction, "notes">): readonly string[] {
  return notes.map((note) => `// ${MARKS.unchecked} ${visibleLine(note)}`);
}

export function docLines({ description }: Pick<ImportedAction, "description">): readonly string[] {
  return commentLines(description ?? "").map((line) => (line === "" ? "///" : `/// ${line}`));
}

/** The whole rest is one segment, dots and all. */
function quoteSegment(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) ? name : quote(name);
}
