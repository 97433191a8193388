/** A mistake in the text: an error diagnostic, and how it leaves the production that found it. */
import type { Span } from "./ast.ts";
import type { Diagnostic, Fix, Related } from "./diagnostic.ts";

/** More than these help nobody, and reading on only costs time. */
export const mostMistakes = 100;

export interface MistakeDetails {
  readonly label?: string;
  readonly help?: string;
  readonly fix?: Fix;
  readonly related?: readonly Related[];
}

/** An error of the text or syntax; `code` without its `AP`. */
export function mistake(code: number, span: Span, message: string, details: MistakeDetails = {}): Diagnostic {
  return {
    code: `AP${code}`,
    level: "error",
    message,
    span,
    label: details.label ?? null,
    related: details.related ?? [],
    help: details.help ?? null,
    fix: details.fix ?? null,
  };
}

/** A piece of the policy's text for a message: the beginning of it where it is long. */
export function brief(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** A fix that puts other text in one place. */
export function replacement(title: string, span: Span, text: string): Fix {
  return { title, edits: [{ span, text }] };
}

/** Leaves a production whose text can't be read on; caught where the next declaration or rule is looked for. */
export class Mistake extends Error {
  override readonly name = "Mistake";
  /** Null where it was told before. */
  readonly diagnostic: Diagnostic | null;

  constructor(diagnostic: Diagnostic | null) {
    super(diagnostic?.message ?? "told before");
    this.diagnostic = diagnostic;
  }
}
