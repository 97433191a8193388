/** A declaration whose tool is gone: kept as a comment, with all that people wrote in it. */
import type { ActionDeclaration } from "../../dsl/index.ts";
import type { Edit } from "./update-import.ts";
import { commentsAbove } from "./comments-above.ts";
import { MARKS } from "./write-action.ts";

const GONE = `// ${MARKS.gone} the catalogue doesn't have this tool any more; if it comes back, it is a new one`;

/** Where nothing is declared, nothing can be granted; a rule that still names the action is an error of its own. */
export function commentOut(text: string, { span }: ActionDeclaration): Edit {
  const head = commentsAbove(text, span.start);
  const above = head.lines.filter((line) => !line.startsWith(`// ${MARKS.gone}`));
  const lines = [
    GONE,
    ...above.map((line) => (line.startsWith("///") ? `// ${line}` : line)),
    ...text
      .slice(span.start, span.end)
      .split("\n")
      .map((line) => `// ${line}`),
  ];
  return {
    start: head.start,
    end: span.end,
    text: (head.sharesLine ? "\n" : "") + lines.join("\n") + (endsItsLine(text, span.end) ? "" : "\n"),
  };
}

/** A comment behind it stays what it is. */
function endsItsLine(text: string, offset: number): boolean {
  return /^[ \t]*(?:\r?\n|\/\/|$)/.test(text.slice(offset, offset + 1000));
}
