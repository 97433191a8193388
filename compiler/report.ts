/** Collects findings. One mistake is one message: a second finding with the same code at the same place is dropped. */
import type { Diagnostic, Fix, Name, Related, Span } from "../dsl/index.ts";

export interface Finding {
  readonly span: Span;
  /** What is wrong: lower case, names in backticks, no full stop. */
  readonly message: string;
  /** What stands beside the carets. */
  readonly label?: string | null;
  readonly related?: readonly Related[];
  /** What to do. */
  readonly help?: string | null;
  readonly fix?: Fix | null;
  /** A request that shows it, in one line. */
  readonly witness?: string | null;
}

export interface Report {
  error(code: string, finding: Finding): void;
  warning(code: string, finding: Finding): void;
  note(code: string, finding: Finding): void;
  readonly diagnostics: readonly Diagnostic[];
}

/** More of one level help nobody, and cost memory; the first ones are kept, so an error always leaves an error. */
const mostOfLevel = 1_000;

export function createReport(): Report {
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  const counts = { error: 0, warning: 0, note: 0 };
  const add = (level: Diagnostic["level"], code: string, finding: Finding): void => {
    const { span } = finding;
    if (counts[level] >= mostOfLevel) return;
    const key = `${code} ${span.source} ${span.start} ${span.end}`;
    if (seen.has(key)) return;
    seen.add(key);
    counts[level] += 1;
    const { message, label = null, related = [], help = null, fix = null, witness = null } = finding;
    const shown = witness === null ? {} : { witness };
    diagnostics.push({ code, level, message, span, label, related, help, fix, ...shown });
  };
  return {
    error: (code, finding) => add("error", code, finding),
    warning: (code, finding) => add("warning", code, finding),
    note: (code, finding) => add("note", code, finding),
    diagnostics,
  };
}

/** A report that forgets: for reading again what has been judged once. */
export const muted: Report = {
  error: () => undefined,
  warning: () => undefined,
  note: () => undefined,
  diagnostics: [],
};

/** The edit that puts `text` where `span` is. */
export function replaceWith(span: Span, text: string): Fix {
  return { title: `write \`${text}\``, edits: [{ span, text }] };
}

/** As {@link replaceWith}, for the nearest name of those that are there: it may not be the one that was meant. */
export function guessAt(span: Span, text: string): Fix {
  return { ...replaceWith(span, text), guess: true };
}

/** A name as the language writes it: segments that aren't plain names are quoted. */
export function spell(name: string): string {
  return name
    .split(".")
    .map((segment) => (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(segment) ? segment : JSON.stringify(segment)))
    .join(".");
}

/** The parser puts an empty name where it had to invent one; that mistake has had its message. */
export function isInvented(name: Name): boolean {
  return name.value === "";
}
