/** What reading one schema goes through with. */
import type { JsonObject, Span, TypeNode } from "./ast.ts";

export interface Reading {
  /** The document that `$ref` points into. */
  readonly root: JsonObject;
  /** What the nodes of the result stand for. */
  readonly span: Span;
  /** What of the schema the types don't hold, one line each. */
  readonly notes: string[];
  /** Schemas that may still be read: a few `$ref` can stand for millions. */
  left: number;
}

/** Where in the arguments a schema stands. */
export interface Place {
  /** `labels[].name`; empty for the arguments themselves. */
  readonly path: string;
  /** The references that led here: one among them again is a circle. */
  readonly refs: readonly string[];
  readonly depth: number;
}

export interface ReadType {
  readonly type: TypeNode;
  /** JSON `null` may stand for it. */
  readonly nullable: boolean;
  readonly secret: boolean;
}

export function note({ notes }: Reading, { path }: Place, text: string): void {
  const line = path === "" ? text : `${path}: ${text}`;
  if (!notes.includes(line)) notes.push(line);
}

export function inside(place: Place, step: string): Place {
  return {
    ...place,
    path: place.path === "" ? step : step === "[]" ? `${place.path}[]` : `${place.path}.${step}`,
    depth: place.depth + 1,
  };
}
