/** Which of today's actions a rule can be about. Equal selections are one object, so that what is found is found once. */
import { assertNever } from "../assert-never.ts";
import type { Action, Scope as RuleScope, Selector } from "../../engine/index.ts";
import type { Actions } from "./actions.ts";
import { compareText } from "../sorted-set.ts";

export interface Selections {
  readonly actions: Actions;
  readonly found: Map<string, readonly Action[]>;
}

export function selectionsOf(actions: Actions): Selections {
  return { actions, found: new Map() };
}

/** Actions that a selector names, also those whose class depends on the arguments. */
export function actionsOf(selector: Selector, actions: Actions): readonly Action[] {
  switch (selector.kind) {
    case "action": {
      const action = actions.byName.get(selector.name);
      return action ? [action] : [];
    }
    case "class":
      return actions.byClass.get(selector.name) ?? [];
    case "prefix":
      return actions.all.filter((action) => action.name.startsWith(`${selector.prefix}.`));
    case "any":
      return actions.all;
    default:
      return assertNever(selector);
  }
}

/**
 * Actions that the rule can be about: what is excepted by name, or by a class that never depends on the arguments, is
 * none of them, and a rule with `on` passes over actions that are `on none`.
 */
export function selectedActions(
  selections: Selections,
  scope: Pick<RuleScope, "select" | "except" | "on">,
): readonly Action[] {
  const key = JSON.stringify([scope.select, scope.except, scope.on !== null]);
  const known = selections.found.get(key);
  if (known) return known;
  const selected = findSelected(selections.actions, scope);
  selections.found.set(key, selected);
  return selected;
}

function findSelected(actions: Actions, scope: Pick<RuleScope, "select" | "except" | "on">): readonly Action[] {
  const [first, ...more] = scope.select;
  const named =
    first && more.length === 0
      ? actionsOf(first, actions)
      : [...new Set(scope.select.flatMap((selector) => [...actionsOf(selector, actions)]))];
  return named
    .filter((action) => scope.on === null || action.resources !== null)
    .filter((action) => !scope.except.some((selector) => surelySelects(selector, action)))
    .toSorted((a, b) => compareText(a.name, b.name));
}

/** Whether the selector names the action whatever its arguments are. */
export function surelySelects(selector: Selector, action: Action): boolean {
  switch (selector.kind) {
    case "action":
      return action.name === selector.name;
    case "prefix":
      return action.name.startsWith(`${selector.prefix}.`);
    case "class":
      return action.classes.some((entry) => entry.name === selector.name && entry.when === null);
    case "any":
      return true;
    default:
      return assertNever(selector);
  }
}
