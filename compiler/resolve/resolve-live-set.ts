/** Live sets: texts that their editors change at run time. */
import type { LiveSetDeclaration } from "../../dsl/index.ts";
import type { LiveSet } from "../../engine/index.ts";
import type { Placed } from "../program.ts";
import { type Context, lookupAll } from "./context.ts";

export function resolveLiveSet(context: Context, node: LiveSetDeclaration): Placed<LiveSet> {
  const editors = lookupAll(context, "group", node.editors);
  return { row: { name: node.name.value, editors }, span: node.name.span };
}
