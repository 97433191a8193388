/** A finding about a policy: collected, never thrown. Raised by every phase; rendered in `frame.ts`. */
import type { Span } from "./ast.ts";

export interface Diagnostic {
  /** Stable: `AP` and four digits. 1xxx text and syntax, 2xxx names, 3xxx types, 4xxx design, 5xxx agents and settings, 9xxx not supported yet. */
  readonly code: string;
  readonly level: "error" | "warning" | "note";
  /** Lower case, no full stop; names in backticks; what is wrong. */
  readonly message: string;
  /** The smallest wrong span, and what stands beside the carets. */
  readonly span: Span;
  readonly label: string | null;
  readonly related: readonly Related[];
  /** One line: what to do. */
  readonly help: string | null;
  /** An edit, where there is one. */
  readonly fix: Fix | null;
  /** A request that shows it, in one line; absent where none does. */
  readonly witness?: string;
}

export interface Related {
  readonly span: Span;
  readonly label: string;
}

export interface Fix {
  readonly title: string;
  readonly edits: readonly { readonly span: Span; readonly text: string }[];
  /** The edit changes the table of a policy that compiles, so a person should choose it: `check --fix` leaves it. */
  readonly changesTable?: true;
  /** A guess at what was meant: another name may grant or ask somebody else, so a person chooses, as above. */
  readonly guess?: true;
}

/** One `.agentpolicy` file: its name as messages show it, and its text. */
export interface Source {
  readonly name: string;
  readonly text: string;
}
