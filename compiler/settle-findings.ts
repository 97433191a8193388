/** Which findings are shown: in order, without those that only follow from another, without those that are accepted. */
import type { Comment, Diagnostic, File, Source, Span } from "../dsl/index.ts";
import { compareText } from "./sorted-set.ts";

interface Found {
  readonly sources: readonly Source[];
  readonly files: readonly File[];
  /** What the parser found. */
  readonly mistakes: readonly Diagnostic[];
  /** What the later stages found. */
  readonly findings: readonly Diagnostic[];
}

export function settleFindings({ sources, files, mistakes, findings }: Found): readonly Diagnostic[] {
  const whole = !mistakes.some((mistake) => mistake.level === "error");
  const places = new Set(mistakes.map(({ span }) => placeKey(span)));
  const own = whole ? findings : findings.filter(({ code, span }) => !ECHOES.has(code) && !places.has(placeKey(span)));
  const order = new Map(sources.map((source, index) => [source.name, index]));
  return applyAccepts(sources, files, [...mistakes, ...own]).toSorted(
    (a, b) =>
      (order.get(a.span.source) ?? 0) - (order.get(b.span.source) ?? 0) ||
      a.span.start - b.span.start ||
      compareText(a.code, b.code),
  );
}

function placeKey({ source, start, end }: Span): string {
  return `${source} ${start} ${end}`;
}

/**
 * What can't be told once a syntax error has taken a rule or declaration out of the tree: whether a name exists, an
 * item is complete, or a rule is about anything.
 */
const ECHOES: ReadonlySet<string> = new Set([
  "AP2003",
  ...Array.from({ length: 16 }, (_, index) => `AP20${index + 10}`),
  "AP3003",
  "AP3005",
  "AP3080",
  "AP3081",
  "AP5020",
  "AP5030",
]);

/** `// accept AP4002: reason` on the line above silences a warning there. Errors can't be silenced. */
function applyAccepts(
  sources: readonly Source[],
  files: readonly File[],
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  const accepts = files.flatMap((file) => readAccepts(file, sources));
  const used = new Set<Accept>();
  const left = diagnostics.filter((diagnostic) => {
    const accept =
      diagnostic.level === "error" ? undefined : accepts.find((candidate) => covers(candidate, diagnostic));
    if (accept) used.add(accept);
    return accept === undefined;
  });
  const sound = !diagnostics.some((diagnostic) => diagnostic.level === "error");
  // In a policy with errors the design hasn't been looked at, so nobody knows what there is to accept.
  const idle = accepts.filter((accept) => !used.has(accept) && (sound || isError(accept, diagnostics)));
  return [...left, ...idle.map((accept) => idleAccept(accept, diagnostics))];
}

interface Accept {
  readonly comment: Comment;
  readonly code: string;
  /** The line below, as offsets. */
  readonly start: number;
  readonly end: number;
}

function readAccepts(file: File, sources: readonly Source[]): readonly Accept[] {
  const text = sources.find((source) => source.name === file.span.source)?.text ?? "";
  return file.comments.flatMap((comment) => {
    const [, code] = /^\s*accept (AP\d{4}): *\S/.exec(comment.text) ?? [];
    if (code === undefined) return [];
    const { start, end } = lineBelow(text, comment.span.end);
    return [{ comment, code, start, end }];
  });
}

/** The next line that is neither blank nor a comment, so that several codes can be accepted above one line. */
function lineBelow(text: string, from: number): { start: number; end: number } {
  let start = text.indexOf("\n", from) + 1;
  while (start > 0) {
    const next = text.indexOf("\n", start);
    const end = next < 0 ? text.length : next;
    const line = text.slice(start, end).trim();
    if (line !== "" && !line.startsWith("//")) return { start, end };
    start = next + 1;
  }
  return { start: text.length, end: text.length };
}

function covers(accept: Accept, diagnostic: Diagnostic): boolean {
  if (accept.code !== diagnostic.code || accept.comment.span.source !== diagnostic.span.source) return false;
  return diagnostic.span.start >= accept.start && diagnostic.span.start <= accept.end;
}

function isError(accept: Accept, diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.level === "error" && covers(accept, diagnostic));
}

function idleAccept(accept: Accept, diagnostics: readonly Diagnostic[]): Diagnostic {
  const { span } = accept.comment;
  const error = isError(accept, diagnostics);
  return {
    code: "AP4001",
    level: "warning",
    message: error
      ? `\`${accept.code}\` is an error and can't be accepted`
      : `nothing to accept: \`${accept.code}\` isn't found here`,
    span,
    label: error ? "silences nothing" : "no longer needed",
    related: [],
    help: error ? "mend the line below" : "remove this comment",
    fix: error ? null : { title: "remove the comment", edits: [{ span, text: "" }] },
  };
}
