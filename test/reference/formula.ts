/** A rule's one formula: selected and on and not excepted and condition (docs/language.md, "Rules"). */
import type { ActionDeclaration, LimitNode, RuleNode, SelectorNode } from "../../dsl/ast.ts";
import { guardHolds } from "./conditions.ts";
import { isClass } from "./declarations.ts";
import type { Situation } from "./facts.ts";
import { matchesPattern } from "./resources.ts";
import { and, not, or, type Truth } from "./truth.ts";

/** Opening a session is selected only by its name. */
export const OPENING = "session.open";

/** Is the action one that the selectors name, whatever the resource? */
export function selected(selectors: readonly SelectorNode[], action: ActionDeclaration, situation: Situation): Truth {
  return or(selectors.map((selector) => selects(selector, action, situation)));
}

function selects(selector: SelectorNode, action: ActionDeclaration, situation: Situation): Truth {
  if (selector.kind === "AnySelector") return action.name.value !== OPENING;
  const name = selector.name.value;
  if (selector.kind === "PrefixSelector") return action.name.value.startsWith(`${name}.`);
  if (action.name.value === name) return true;
  if (!isClass(situation.policy, name)) return false;
  const items = action.classes.filter((item) => item.name.value === name);
  return or(items.map((item) => guardHolds(item.guard, situation)));
}

function formula(item: RuleNode | LimitNode, action: ActionDeclaration, situation: Situation): Truth {
  const any = (selectors: readonly SelectorNode[]): Truth => selected(selectors, action, situation);
  const on = (patterns: readonly { readonly value: string }[]): Truth => {
    const { resource } = situation;
    return resource === null ? false : or(patterns.map((one) => matchesPattern(resource, one.value, situation)));
  };
  return and([
    any(item.select),
    not(any(item.except)),
    item.on === null ? true : on(item.on),
    not(on(item.onExcept)),
    guardHolds(item.guard, situation),
  ]);
}

export interface Verdict {
  /** Over all resources: a grant must be true for each. */
  readonly grants: Truth;
  /** Over any resource: a restriction is false only where it is false for each. */
  readonly restricts: Truth;
}

/** Without resources the rule is held against none: then one with `on` is false. */
export function verdict(
  item: RuleNode | LimitNode,
  action: ActionDeclaration,
  situation: Situation,
  resources: readonly string[],
): Verdict {
  const held = resources.length === 0 ? [null] : resources;
  const truths = held.map((resource) => formula(item, action, { ...situation, resource }));
  return { grants: and(truths), restricts: or(truths) };
}
