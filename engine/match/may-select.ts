/** Which rows concern an action before anything is known of its arguments. */
import type { Action, Rule, Selector } from "../table.ts";

/** Whether the rule can be about the action, whatever its arguments. */
export function maySelect({ scope }: Pick<Rule, "scope">, action: Action): boolean {
  if (scope.on !== null && action.resources === null) return false;
  return (
    scope.select.some((selector) => selects(selector, action, false)) &&
    !scope.except.some((selector) => selects(selector, action, true))
  );
}

/** @param surely whatever the arguments; else it is enough that some arguments put the action into the class */
export function selects(selector: Selector, action: Action, surely: boolean): boolean {
  switch (selector.kind) {
    case "any":
      return true;
    case "action":
      return selector.name === action.name;
    case "prefix":
      return action.name.startsWith(`${selector.prefix}.`);
    case "class":
      return action.classes.some(({ name, when }) => name === selector.name && (!surely || when === null));
  }
}
