/** One action that was imported before: its documentation and its parameters, and nothing else of it, written anew. */
import type { ActionDeclaration, File } from "../../dsl/index.ts";
import { commentLines } from "./comment-lines.ts";
import type { ImportedAction } from "./imported-action.ts";
import { mergeParams, type Merged } from "./merge-params.ts";
import type { Edit } from "./update-import.ts";
import { docLines, MARKS, noteLines } from "./write-action.ts";
import { canonical } from "./write-import.ts";
import { writeParams } from "./write-params.ts";

export interface Before {
  readonly text: string;
  readonly file: File;
  readonly node: ActionDeclaration;
  /** Null: the catalogue doesn't have it any more. */
  readonly action: ImportedAction | null;
}

export interface ActionUpdate {
  readonly state: "same" | "changed" | "gone";
  readonly changes: readonly string[];
  readonly edits: readonly Edit[];
}

const GONE = `// ${MARKS.gone} the catalogue doesn't have this tool any more`;

export function updateAction({ text, file, node, action }: Before): ActionUpdate {
  const head = commentsAbove(text, node.span.start);
  if (action === null) {
    const edits = head.lines.includes(GONE) ? [] : editHead(head, [GONE, ...head.lines]);
    return { state: "gone", changes: [], edits };
  }
  const others = head.lines.filter((line) => !isOurs(line) && !isDoc(line));
  const wanted = [...others, ...noteLines(action), ...docLines(action)];
  const heads = sameLines(head.lines, wanted) ? [] : editHead(head, wanted);
  const merged = mergeList(file, node, action);
  const lists = merged === null ? [] : editList(node, merged);
  const edits = [...heads, ...lists];
  return { state: edits.length === 0 ? "same" : "changed", changes: merged?.changes ?? [], edits };
}

// -- what stands above ------------------------------------------------------------------------------------------

interface Head {
  readonly start: number;
  readonly end: number;
  /** Trimmed. */
  readonly lines: readonly string[];
}

/** The lines of comments right above the offset, without a blank line between. */
function commentsAbove(text: string, offset: number): Head {
  const end = text.lastIndexOf("\n", offset - 1) + 1;
  // Something else stands before it on its line: nothing above is its own.
  if (text.slice(end, offset).trim() !== "") return { start: offset, end: offset, lines: [] };
  const lines: string[] = [];
  let start = end;
  while (start > 0) {
    const from = text.lastIndexOf("\n", start - 2) + 1;
    const line = text.slice(from, start).trim();
    if (!line.startsWith("//")) break;
    lines.unshift(line);
    start = from;
  }
  return { start, end, lines };
}

function editHead({ start, end }: Head, lines: readonly string[]): readonly Edit[] {
  return [{ start, end, text: lines.map((line) => `${line}\n`).join("") }];
}

function isDoc(line: string): boolean {
  return /^\/\/\/(?!\/)/.test(line);
}

function isOurs(line: string): boolean {
  return [MARKS.unchecked, MARKS.gone].some((mark) => line.startsWith(`// ${mark}`));
}

function sameLines(left: readonly string[], right: readonly string[]): boolean {
  return left.join("\n") === right.join("\n");
}

// -- the parameters ---------------------------------------------------------------------------------------------

/** Null where the action leaves its list to the catalogue, and where nothing in it changes. */
function mergeList(file: File, node: ActionDeclaration, action: ImportedAction): Merged | null {
  const { params, paramsEnd, open } = node;
  if (params === null || paramsEnd === null) return null;
  const comments = file.comments.filter(({ span }) => span.start >= node.name.span.end && span.end <= paramsEnd);
  const merged = mergeParams({ params, open }, action, comments);
  const documented = merged.rows.rows.map(({ param }) => commentLines(param.doc ?? "").join("\n"));
  const before = params.map(({ doc }) => doc ?? "");
  return merged.changes.length === 0 && sameLines(documented, before) ? null : merged;
}

function editList({ name, paramsEnd }: ActionDeclaration, { rows }: Merged): readonly Edit[] {
  return [{ start: name.span.end, end: (paramsEnd ?? name.span.end) + 1, text: laidOut(writeParams(rows)) }];
}

/** As `fmt` lays it out, whatever the rest of the file looks like. */
function laidOut(list: string): string {
  const [before, behind] = ["action a", "\n  is read"];
  const printed = canonical(`${before}${list}${behind}`);
  return printed.slice(before.length, printed.lastIndexOf(behind));
}
