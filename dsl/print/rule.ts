/** Rules and limits as one line. The text is what a rule's id is made of, so a change here gives every rule another id. */
import type { LimitNode, RuleNode, SelectorNode, StringLiteral } from "../ast.ts";
import { printGuard, printPath } from "./expression.ts";
import { printName, printNames, printTexts } from "./word.ts";

/** Canonical text without documentation: `ask email.send unless internal(args.to) via lead_review`. */
export function printRule(rule: RuleNode): string {
  return `${ruleHead(rule)} ${ruleRest(rule)}`;
}

/** Canonical text without documentation: `limit write to 20 per session then ask via lead_review`. */
export function printLimit(limit: LimitNode): string {
  return `${ruleHead(limit)} ${limitRest(limit)}`;
}

/** The first word, with `trial` before it. */
export function ruleHead(item: RuleNode | LimitNode): string {
  return (item.trial ? "trial " : "") + (item.kind === "Rule" ? item.tier : "limit");
}

export function ruleRest(rule: RuleNode): string {
  return (
    printScope(rule) +
    printGuard(rule.guard) +
    (rule.to.length > 0 ? ` to ${printNames(rule.to)}` : "") +
    (rule.via.length > 0 ? ` via ${rule.via.map(printName).join(" and ")}` : "") +
    (rule.until === null ? "" : ` until ${rule.until.text}`)
  );
}

export function limitRest(limit: LimitNode): string {
  return (
    printScope(limit) +
    printGuard(limit.guard) +
    (limit.total === null ? "" : ` total ${printPath(limit.total)}`) +
    ` to ${limit.to.text}` +
    (limit.in === null ? "" : ` in ${limit.in.text}`) +
    ` per ${[printName(limit.per), ...limit.keys.map(printPath)].join(", ")}` +
    (limit.via === null ? "" : ` then ask via ${printName(limit.via)}`)
  );
}

export function printSelector(selector: SelectorNode): string {
  if (selector.kind === "AnySelector") return "*";
  return selector.kind === "PrefixSelector" ? `${printName(selector.name)}.*` : printName(selector.name);
}

export function printSelectors(selectors: readonly SelectorNode[]): string {
  return selectors.map(printSelector).join(", ");
}

interface Scope {
  readonly select: readonly SelectorNode[];
  readonly except: readonly SelectorNode[];
  readonly on: readonly StringLiteral[] | null;
  readonly onExcept: readonly StringLiteral[];
}

function printScope({ select, except, on, onExcept }: Scope): string {
  return (
    printSelectors(select) +
    (except.length > 0 ? ` except ${printSelectors(except)}` : "") +
    (on === null ? "" : ` on ${printTexts(on)}`) +
    (onExcept.length > 0 ? ` except ${printTexts(onExcept)}` : "")
  );
}
