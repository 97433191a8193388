/** What the formulas of one request read: filled by `match`, dropped with the answer. */
import type { Agent } from "../table.ts";
import type { JsonValue, Request } from "../request.ts";
import type { Values } from "../arguments/read-args.ts";

export interface Frame {
  readonly request: Request;
  readonly agent: Agent;
  /** Checked arguments, by position of their parameter. */
  readonly values: Values;
  /** The resource that the formula is asked about; null where the request has none. */
  resource: Resource | null;
  /** The element that the enclosing `every` or `some` is at. */
  element: JsonValue | undefined;
}

export interface Resource {
  readonly text: string;
  readonly segments: readonly string[];
}
