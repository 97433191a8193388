/** Whether a rule or limit surely concerns an action, whatever its arguments are. */
import type { Action } from "../../engine/index.ts";
import type { ResolvedLimit, ResolvedRule } from "../program.ts";
import { surelySelects } from "../resolve/selection.ts";

/** Selected without condition, on all resources, and not excepted. The rule's own condition is not looked at. */
export function surelyAbout(rule: ResolvedRule | ResolvedLimit, action: Action): boolean {
  const { select, except, on } = rule.scope;
  if (rule.trial || on !== null) return false;
  if (!rule.actions.includes(action)) return false;
  return select.some((selector) => surelySelects(selector, action)) && except.length === 0;
}

/** Enforced, and about the action for some arguments at least. */
export function mayConcern(rule: ResolvedRule | ResolvedLimit, action: Action): boolean {
  return !rule.trial && rule.actions.includes(action);
}
