/** Where a rule names an action, so that a message can point there. */
import type { SelectorNode, Span } from "../../dsl/index.ts";
import type { Action } from "../../engine/index.ts";
import type { ResolvedRule } from "../program.ts";

/** The first selector of the rule that is about the action. */
export function namingSelector(rule: ResolvedRule, action: Action): Span {
  const selector = rule.node.select.find((candidate) => isAbout(candidate, action));
  return (selector ?? rule.node.select[0])?.span ?? rule.node.tierSpan;
}

function isAbout(selector: SelectorNode, action: Action): boolean {
  switch (selector.kind) {
    case "AnySelector":
      return true;
    case "PrefixSelector":
      return action.name.startsWith(`${selector.name.value}.`);
    default:
      return selector.name.value === action.name || action.classes.some((entry) => entry.name === selector.name.value);
  }
}
