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
  text: string | null;
  segments: readonly string[];
  /** All resources, where there is more than one: formulas are then asked about each. */
  several: readonly Resource[] | null;
  /** The element that the enclosing `every` or `some` is at. */
  element: JsonValue | undefined;
}

export interface Resource {
  readonly text: string;
  readonly segments: readonly string[];
}

export function frameOf(request: Request, agent: Agent, params: number): Frame {
  const values: Values = new Array(params);
  return { request, agent, values, text: null, segments: NOWHERE, several: null, element: undefined };
}

export function standAt(frame: Frame, resource: Resource | null): void {
  frame.text = resource?.text ?? null;
  frame.segments = resource?.segments ?? NOWHERE;
}

/** Every resource of the request; a request without one is asked about once all the same. */
export function placesOf({ several, text, segments }: Frame): readonly (Resource | null)[] {
  return several ?? [text === null ? null : { text, segments }];
}

const NOWHERE: readonly string[] = Object.freeze([]);
