/** Which rules are about an action: selectors, decided at once but for classes that depend on the arguments. */
import type { Action, Selector } from "../table.ts";
import { conditionFormula } from "../formula/condition.ts";
import { ALWAYS, type Formula, NEVER, anyOf } from "../formula/formula.ts";
import type { Scope } from "../formula/scope.ts";
import { OPENING } from "./opening.ts";

export function selectFormula(selectors: readonly Selector[], action: Action, scope: Scope): Formula {
  return anyOf(selectors.map((selector) => selectorFormula(selector, action, scope)));
}

function selectorFormula(selector: Selector, action: Action, scope: Scope): Formula {
  switch (selector.kind) {
    case "any":
      // A session isn't something that an agent does in one: only its name selects opening.
      return action.name === OPENING.name ? NEVER : ALWAYS;
    case "action":
      return selector.name === action.name ? ALWAYS : NEVER;
    case "prefix":
      return action.name.startsWith(`${selector.prefix}.`) ? ALWAYS : NEVER;
    case "class":
      return classFormula(selector.name, action, scope);
  }
}

/** An action is of a class where one of its mentions of the class holds. */
function classFormula(name: string, action: Action, scope: Scope): Formula {
  const mentions = action.classes.filter((mention) => mention.name === name);
  return anyOf(mentions.map(({ when }) => (when === null ? ALWAYS : conditionFormula(when, scope))));
}
