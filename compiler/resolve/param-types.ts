/** The type that a node states, as the table would have it. */
import type { TypeNode } from "../../dsl/index.ts";
import type { ParamType } from "../../engine/index.ts";
import { muted } from "../report.ts";
import { resolveType } from "./resolve-type.ts";

export type { ParamType, TypeNode };

/** Null where it isn't one. */
export function paramTypeOf(node: TypeNode): ParamType | null {
  return resolveType(node, muted);
}
