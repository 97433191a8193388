/** Which actions a block grants, for some requests at least. */
import type { Action } from "../../engine/index.ts";
import type { ResolvedBlock } from "../program.ts";

const granted = new WeakMap<ResolvedBlock, ReadonlySet<Action>>();

/** By its enforced `allow`, `notify` and `ask` rules. Many agents share a role, so each block is looked through once. */
export function grantedActions(block: ResolvedBlock): ReadonlySet<Action> {
  const known = granted.get(block);
  if (known) return known;
  const granting = block.rules.filter((rule) => rule.tier !== "never" && !rule.trial);
  const found = new Set(granting.flatMap((rule) => [...rule.actions]));
  granted.set(block, found);
  return found;
}
