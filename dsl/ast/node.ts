/** What every node has, names, and literals. */

/** Half-open range of UTF-16 offsets in one source. */
export interface Span {
  readonly source: string;
  readonly start: number;
  readonly end: number;
}

export interface Node {
  readonly span: Span;
}

export interface Name extends Node {
  readonly kind: "Name";
  /** As written for identifiers, unquoted for `"…"` segments; dotted names join their segments with `.`. */
  readonly value: string;
  readonly segments: readonly string[];
}

export interface Documented extends Node {
  /** Lines of `///` above, joined with newlines, one leading space removed from each; null without. */
  readonly doc: string | null;
}

export interface StringLiteral extends Node {
  readonly kind: "String";
  readonly value: string;
}
export interface NumberLiteral extends Node {
  readonly kind: "Number";
  /** As written: `50.01`, `-3`. */
  readonly text: string;
}
export interface DurationLiteral extends Node {
  readonly kind: "Duration";
  readonly text: string;
  readonly milliseconds: number;
}
export interface DateLiteral extends Node {
  readonly kind: "Date";
  /** `2027-01-31`. */
  readonly text: string;
}
export interface TimeLiteral extends Node {
  readonly kind: "Time";
  /** RFC 3339. */
  readonly text: string;
}
export interface BooleanLiteral extends Node {
  readonly kind: "Boolean";
  readonly value: boolean;
}
export interface NullLiteral extends Node {
  readonly kind: "Null";
}

export type Literal = StringLiteral | NumberLiteral | DurationLiteral | DateLiteral | TimeLiteral | BooleanLiteral;
