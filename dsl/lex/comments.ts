/** Sorts comments: `///` above something documents it; all others stay comments of the file. */
import type { IToken } from "chevrotain";
import type { Comment, Span } from "../ast.ts";
import type { Diagnostic, Source } from "../diagnostic.ts";
import { mistake } from "../mistake.ts";
import { findUnseen } from "./read-text.ts";

export interface Comments {
  readonly comments: Comment[];
  /** Documentation by the offset of the token below it. */
  readonly docs: Map<number, Doc>;
  readonly problems: readonly Diagnostic[];
}

export interface Doc {
  readonly text: string;
  /** The comment tokens it was made of: turned into plain comments where nothing takes the documentation. */
  readonly lines: readonly Comment[];
}

/** `comments` and `tokens` both in the order of the text. */
export function sortComments(source: Source, comments: readonly IToken[], tokens: readonly IToken[]): Comments {
  const plain: Comment[] = [];
  const docs = new Map<number, Doc>();
  const problems: Diagnostic[] = [];
  let above: Comment[] = [];
  let next = 0;
  const close = (): void => {
    const below = tokens[next];
    if (above.length > 0)
      docs.set(below?.startOffset ?? source.text.length, { text: above.map(textOf).join("\n"), lines: above });
    above = [];
  };
  for (const token of comments) {
    const first = next;
    while (next < tokens.length && (tokens[next]?.startOffset ?? 0) < token.startOffset) {
      if (next === first) close();
      next++;
    }
    const comment = commentOf(source, token, tokens[next - 1]);
    const problem = findUnseen(token.image, token.startOffset, source.name, "comment");
    if (problem !== null) problems.push(problem);
    if (isDoc(token.image) && !comment.trailing) above.push(comment);
    else plain.push(comment);
    if (isDoc(token.image) && comment.trailing) problems.push(strayDoc(comment.span));
  }
  close();
  return { comments: plain, docs, problems };
}

/** The warning for `///` that stands above nothing that has documentation. */
export function strayDoc(span: Span): Diagnostic {
  const help = "put it above a declaration, a rule, a limit or a parameter, or write `//`";
  return { ...mistake(1111, span, "this `///` documents nothing", { help }), level: "warning" };
}

/** Exactly three slashes: a line of many is a rule across the page. */
function isDoc(image: string): boolean {
  return image.startsWith("///") && image[3] !== "/";
}

function commentOf(source: Source, token: IToken, before: IToken | undefined): Comment {
  const start = token.startOffset;
  const codeEnd = before === undefined ? 0 : before.startOffset + before.image.length;
  const trailing = before !== undefined && !/[\r\n]/.test(source.text.slice(codeEnd, start));
  const text = token.image.slice(isDoc(token.image) ? 3 : 2).trimEnd();
  return { kind: "Comment", span: { source: source.name, start, end: start + token.image.length }, text, trailing };
}

function textOf(comment: Comment): string {
  return comment.text.startsWith(" ") ? comment.text.slice(1) : comment.text;
}
