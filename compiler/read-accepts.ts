/** Reads `// accept AP4002, AP4011: reason` comments, and says what is wrong with those that can't be followed. */
import type { Comment, Diagnostic, File, Source, Span } from "../dsl/index.ts";

export interface Accept {
  readonly comment: Comment;
  readonly code: string;
  /** Where the code stands in the comment. */
  readonly span: Span;
  /** Codes of the same comment, this one too. */
  readonly codes: readonly string[];
  /** The line below, as offsets. */
  readonly start: number;
  readonly end: number;
}

export interface Accepts {
  readonly accepts: readonly Accept[];
  /** AP4111: comments that look like an acceptance and aren't one. */
  readonly faulty: readonly Diagnostic[];
}

export function readAccepts(files: readonly File[], sources: readonly Source[]): Accepts {
  const read = files.flatMap((file) => {
    const text = sources.find((source) => source.name === file.span.source)?.text ?? "";
    const known: LinesBelow = new Map();
    // From the last to the first, since comments that stand above one another share the line below them.
    return file.comments
      .toReversed()
      .map((comment) => readComment(comment, text, known))
      .toReversed();
  });
  return {
    accepts: read.flatMap(({ accepts }) => [...accepts]),
    faulty: read.flatMap(({ faulty }) => [...faulty]),
  };
}

const ORDINARY: Accepts = { accepts: [], faulty: [] };

/** `accept`, then codes, then perhaps a reason. Anything else is an ordinary comment. */
const SHAPE = /^\s*accept\b(:?)\s*((?:AP[\w-]*)(?:(?:\s*,\s*|\s+and\s+|\s+)AP[\w-]*)*)\s*(:?)\s*(.*)$/i;

function readComment(comment: Comment, text: string, known: LinesBelow): Accepts {
  const found = SHAPE.exec(comment.text);
  if (!found) return ORDINARY;
  const [, early, list = "", colon, reason = ""] = found;
  const codes = list.match(/AP[\w-]*/gi) ?? [];
  const odd = codes.find((code) => !/^AP\d{4}$/.test(code));
  if (odd !== undefined) return fault(comment, `\`${odd}\` is no code of a finding`, codeHelp(odd));
  if (comment.trailing) return fault(comment, "an acceptance stands above the line, not behind it", "move it up");
  if (early !== "" || colon === "" || reason.trim() === "") {
    return fault(
      comment,
      "this accepts nothing without a reason",
      `write \`// accept ${list.trim()}: why it is fine\``,
    );
  }
  const { start, end } = lineBelow(text, comment.span.end, known);
  const accepts = codes.map((code) => ({ comment, code, span: codeSpan(comment, code, text), codes, start, end }));
  return { accepts, faulty: [] };
}

function codeHelp(odd: string): string {
  const upper = odd.toUpperCase();
  return /^AP\d{4}$/.test(upper) ? `write \`${upper}\`` : "a code is `AP` and four digits, such as `AP4002`";
}

function codeSpan({ span }: Comment, code: string, text: string): Span {
  const start = text.indexOf(code, span.start);
  return start < 0 || start >= span.end ? span : { ...span, start, end: start + code.length };
}

function fault(comment: Comment, message: string, help: string): Accepts {
  const { span } = comment;
  const rest = { label: "silences nothing", related: [], help, fix: null };
  return { accepts: [], faulty: [{ code: "AP4111", level: "warning", message, span, ...rest }] };
}

interface Line {
  readonly start: number;
  readonly end: number;
}

/** What was found below the lines that begin at these offsets. */
type LinesBelow = Map<number, Line>;

/** The next line that is neither blank nor a comment, so that several comments can stand above one line. */
function lineBelow(text: string, from: number, known: LinesBelow): Line {
  const first = text.indexOf("\n", from) + 1;
  const found = seekLine(text, first, known);
  known.set(first, found);
  return found;
}

function seekLine(text: string, from: number, known: LinesBelow): Line {
  let start = from;
  while (start > 0) {
    const before = known.get(start);
    if (before !== undefined) return before;
    const next = text.indexOf("\n", start);
    const end = next < 0 ? text.length : next;
    const line = text.slice(start, end).trim();
    if (line !== "" && !line.startsWith("//")) return { start, end };
    start = next + 1;
  }
  return { start: text.length, end: text.length };
}
