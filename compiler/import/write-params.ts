/** A parameter list as text, not yet laid out; each parameter on its own line where something is said about one. */
import { type Comment, type Parameter, printParameter } from "../../dsl/index.ts";
import { commentLines } from "./comment-lines.ts";

export interface ParamRow {
  readonly param: Parameter;
  readonly above: readonly Comment[];
  readonly trailing: Comment | null;
}

export interface ParamRows {
  readonly rows: readonly ParamRow[];
  readonly open: boolean;
  /** What stands behind the last one. */
  readonly left: readonly Comment[];
}

export function rowsWithoutComments(params: readonly Parameter[], open: boolean): ParamRows {
  return { rows: params.map((param) => ({ param, above: [], trailing: null })), open, left: [] };
}

export function writeParams({ rows, open, left }: ParamRows): string {
  const lines = rows.flatMap(({ param, above, trailing }, index) => {
    const comma = index < rows.length - 1 || open ? "," : "";
    const doc = commentLines(param.doc ?? "").map((line) => `/// ${line}`);
    const behind = trailing === null ? "" : ` //${trailing.text}`;
    return [...above.map(commentText), ...doc, printParameter({ ...param, doc: null }) + comma + behind];
  });
  return `(\n${[...lines, ...(open ? ["..."] : []), ...left.map(commentText)].join("\n")}\n)`;
}

function commentText({ text }: Comment): string {
  return `//${text}`;
}
