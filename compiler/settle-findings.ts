/** Which findings are shown: in order, without those that only follow from another, without those that are accepted. */
import type { Diagnostic, File, Fix, Source, Span } from "../dsl/index.ts";
import { echoesOf } from "./echoes.ts";
import { type Accept, readAccepts } from "./read-accepts.ts";
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
  const places = new Set(mistakes.map(({ span }) => placeKey(span)));
  const isEcho = echoesOf({ files, sources, mistakes });
  const own = findings.filter((finding) => !isEcho(finding) && !places.has(placeKey(finding.span)));
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

/** `// accept AP4002: reason` on the line above silences a warning there. Errors can't be silenced. */
function applyAccepts(
  sources: readonly Source[],
  files: readonly File[],
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  const { accepts, faulty } = readAccepts(files, sources);
  if (accepts.length === 0) return [...diagnostics, ...faulty];
  const used = new Set<Accept>();
  const by = Map.groupBy(accepts, ({ code }) => code);
  const left = diagnostics.filter((diagnostic) => {
    const accept =
      diagnostic.level === "error"
        ? undefined
        : by.get(diagnostic.code)?.find((candidate) => covers(candidate, diagnostic));
    if (accept) used.add(accept);
    return accept === undefined;
  });
  const sound = !diagnostics.some((diagnostic) => diagnostic.level === "error");
  // In a policy with errors the design hasn't been looked at, so nobody knows what there is to accept.
  const idle = accepts
    .filter((accept) => !used.has(accept) && (sound || isError(accept, diagnostics)))
    .slice(0, mostIdle);
  return [...left, ...faulty, ...idle.flatMap((accept) => idleAccept(accept, idle, diagnostics, sources))];
}

/** More acceptances of nothing aren't told. */
const mostIdle = 1_000;

function covers(accept: Accept, diagnostic: Diagnostic): boolean {
  if (accept.code !== diagnostic.code || accept.comment.span.source !== diagnostic.span.source) return false;
  return diagnostic.span.start >= accept.start && diagnostic.span.start <= accept.end;
}

function isError(accept: Accept, diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.level === "error" && covers(accept, diagnostic));
}

/** One message for each code; one for the comment where none of its codes is found. */
function idleAccept(
  accept: Accept,
  idle: readonly Accept[],
  diagnostics: readonly Diagnostic[],
  sources: readonly Source[],
): readonly Diagnostic[] {
  const { codes, comment } = accept;
  const error = isError(accept, diagnostics);
  const same = idle.filter((other) => other.comment === comment);
  const whole = same.length === codes.length && !same.some((other) => isError(other, diagnostics));
  if (whole && same[0] !== accept) return [];
  const names = codes.map((code) => `\`${code}\``);
  const message = error
    ? `\`${accept.code}\` is an error and can't be accepted`
    : `nothing to accept: ${whole ? names.join(", ") : `\`${accept.code}\``} ${whole && codes.length > 1 ? "aren't" : "isn't"} found here`;
  return [
    {
      code: "AP4001",
      level: "warning",
      message,
      span: whole || codes.length === 1 ? comment.span : accept.span,
      label: error ? "silences nothing" : "no longer needed",
      related: [],
      help: error ? "mend the line below" : whole ? "remove this comment" : "remove this code",
      fix: whole ? removal(comment.span, sources) : null,
    },
  ];
}

/** Removes the comment, and its line where nothing else stands on it. */
function removal(span: Span, sources: readonly Source[]): Fix {
  const text = sources.find((source) => source.name === span.source)?.text ?? "";
  const before = text.lastIndexOf("\n", span.start - 1) + 1;
  const after = text.indexOf("\n", span.end);
  const alone = after >= 0 && `${text.slice(before, span.start)}${text.slice(span.end, after)}`.trim() === "";
  const edit = alone ? { ...span, start: before, end: after + 1 } : span;
  return { title: "remove the comment", edits: [{ span: edit, text: "" }] };
}
