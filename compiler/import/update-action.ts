/** One action that was imported before: its documentation and its parameters, and nothing else of it, written anew. */
import type { ActionDeclaration, File } from "../../dsl/index.ts";
import { type CommentsAbove, commentsAbove } from "./comments-above.ts";
import type { ImportedAction } from "./imported-action.ts";
import { mergeParams, type Merged, type Newer } from "./merge-params.ts";
import type { Reviewed } from "./reviewed-before.ts";
import { textChange } from "./text-change.ts";
import type { Edit } from "./update-import.ts";
import { docLines, MARKS, noteLines } from "./write-action.ts";
import { canonical } from "./write-import.ts";
import { writeParams } from "./write-params.ts";

export interface Before {
  readonly text: string;
  readonly file: File;
  readonly node: ActionDeclaration;
  readonly action: ImportedAction;
  readonly reviewed: Reviewed;
  /** The class that keeps it shut. */
  readonly gate: string;
}

export interface ActionUpdate {
  /** One text each, old and new. */
  readonly changes: readonly string[];
  /** It had been reviewed, and is shut again. */
  readonly shut: boolean;
  readonly edits: readonly Edit[];
}

export function updateAction(before: Before): ActionUpdate {
  const { text, file, node, action, reviewed, gate } = before;
  const head = commentsAbove(text, node.span.start);
  const was = reviewed.kind === "known" ? (reviewed.actions.get(action.key) ?? null) : null;
  const others = head.lines.filter((line) => !isOurs(line) && !isDoc(line));
  const wanted = [...others, ...noteLines(action), ...docLines(action)];
  const heads = sameLines(head.lines, wanted) ? [] : editHead(head, wanted);
  const merged = mergeList(file, node, { follow: action, was });
  const lists = merged === null || merged.changes.length === 0 ? [] : editList(node, merged);
  const visible = [...saidChanges(head.lines, wanted), ...(merged?.changes ?? [])];
  const changes = visible.length > 0 ? visible : unseenChanges(before, was, merged);
  const shut = changes.length > 0 && !node.classes.some(({ name, guard }) => name.value === gate && guard === null);
  return { changes, shut, edits: [...heads, ...lists, ...(shut ? [shutAgain(node, gate)] : [])] };
}

/** What is said about the tool, and what of its schema isn't checked. */
function saidChanges(before: readonly string[], after: readonly string[]): readonly string[] {
  const docOf = (lines: readonly string[]): string =>
    lines
      .filter(isDoc)
      .map((line) => line.slice(3).trim())
      .join(" ");
  const notesOf = (lines: readonly string[]): readonly string[] =>
    lines.filter((line) => line.startsWith(`// ${MARKS.unchecked}`)).map((line) => line.slice(3));
  const [old, now] = [notesOf(before), notesOf(after)];
  return [
    ...(docOf(before) === docOf(after) ? [] : [textChange("described", docOf(before), docOf(after))]),
    ...old.filter((note) => !now.includes(note)).map((note) => `- ${note}`),
    ...now.filter((note) => !old.includes(note)).map((note) => `+ ${note}`),
  ];
}

/** What the declaration doesn't show: a type that stays narrower, a list that is left to the server, hidden keywords. */
function unseenChanges(
  { node, action, reviewed }: Before,
  was: ImportedAction | null,
  merged: Merged | null,
): readonly string[] {
  if (reviewed.kind === "same" || (was !== null && was.digest === action.digest)) return [];
  const narrower = (merged?.narrower ?? []).map((text) => `stays ${text}`);
  if (was !== null) {
    const theirs = mergeParams(was, { follow: action, was }, []).changes;
    return [
      ...theirs,
      ...narrower,
      ...(theirs.length + narrower.length > 0 ? [] : ["its schema, in what isn't checked"]),
    ];
  }
  return node.params === null ? ["takes the server's parameters, and what they were isn't known"] : narrower;
}

/** Until somebody has looked again. */
function shutAgain({ name, paramsEnd, classes }: ActionDeclaration, gate: string): Edit {
  const [first, last] = [classes[0], classes.at(-1)];
  if (first === undefined || last === undefined) {
    const at = paramsEnd === null ? name.span.end : paramsEnd + 1;
    return { start: at, end: at, text: ` is ${gate}` };
  }
  // Behind a condition the class would look like a part of it.
  if (last.guard !== null) return { start: first.span.start, end: first.span.start, text: `${gate}, ` };
  return { start: last.span.end, end: last.span.end, text: `, ${gate}` };
}

// -- what stands above ------------------------------------------------------------------------------------------

function editHead({ start, end }: CommentsAbove, lines: readonly string[]): readonly Edit[] {
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

/** Null where the action leaves its list to the catalogue. */
function mergeList(file: File, node: ActionDeclaration, newer: Newer): Merged | null {
  const { params, paramsEnd, open } = node;
  if (params === null || paramsEnd === null) return null;
  const comments = file.comments.filter(({ span }) => span.start >= node.name.span.end && span.end <= paramsEnd);
  return mergeParams({ params, open }, newer, comments);
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
