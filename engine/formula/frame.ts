/** What the formulas of one request read: filled by `match`, dropped with the answer. */
import type { Agent } from "../table.ts";
import type { JsonValue, Request } from "../request.ts";
import type { Values } from "../arguments/read-args.ts";

export interface Frame {
  readonly request: Request;
  readonly agent: Agent;
  /** Checked arguments, by position of their parameter. */
  readonly values: Values;
  /** The resource that a formula is asked about; null where the request has none. */
  resource: string | null;
  /** All resources, where there is more than one: formulas are then asked about each. */
  several: readonly string[] | null;
  /** The element that the enclosing `every` or `some` is at. */
  element: JsonValue | undefined;
}

export function frameOf(request: Request, agent: Agent, params: number): Frame {
  const values: Values = new Array(params);
  return { request, agent, values, resource: null, several: null, element: undefined };
}

/** Every resource of the request; a request without one is asked about once all the same. */
export function placesOf({ several, resource }: Frame): readonly (string | null)[] {
  return several ?? [resource];
}
