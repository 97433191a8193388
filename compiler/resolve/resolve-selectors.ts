/** `email.send`, `crm.*`, `read`, `*`: selectors, bound to actions and classes. */
import { assertNever } from "../assert-never.ts";
import type { Name, SelectorNode, Span } from "../../dsl/index.ts";
import type { Selector } from "../../engine/index.ts";
import { BUILT_IN_CLASSES, SESSION_OPEN } from "../collect/names.ts";
import { nearestName } from "../nearest-name.ts";
import { guessAt, isInvented, replaceWith, type Report, spell } from "../report.ts";
import { sortedSet } from "../sorted-set.ts";
import { selectsOpening } from "./opening.ts";
import { actionsOf, type Selections } from "./selection.ts";
import { type Context, reportUnknown } from "./context.ts";

/** How a rule speaks of what selects nothing: an error where it grants, a note where it also guards the future. */
export type Emptiness = "error" | "note" | "silent";

export interface SelectorPlace {
  readonly context: Context;
  readonly selections: Selections;
  readonly empty: Emptiness;
  /** Whether `session.open` may be named. */
  readonly opening: boolean;
}

/** Sorted, each once; null, with messages, where one names nothing that exists. */
export function resolveSelectors(nodes: readonly SelectorNode[], place: SelectorPlace): readonly Selector[] | null {
  const selectors = nodes.map((node) => resolveSelector(node, place));
  const known = selectors.filter((selector) => selector !== null);
  if (known.length < selectors.length) return null;
  return sortedSet(known);
}

function resolveSelector(node: SelectorNode, place: SelectorPlace): Selector | null {
  switch (node.kind) {
    case "AnySelector":
      return { kind: "any" };
    case "PrefixSelector":
      return isInvented(node.name) ? null : judge({ kind: "prefix", prefix: node.name.value }, node.span, place);
    case "NameSelector":
      return resolveName(node.name, place);
    default:
      return assertNever(node);
  }
}

function resolveName(name: Name, place: SelectorPlace): Selector | null {
  const { context } = place;
  const { by } = context.names;
  if (name.value === SESSION_OPEN) return resolveOpening(name, place);
  if (by.action.has(name.value)) return { kind: "action", name: name.value };
  if (BUILT_IN_CLASSES.includes(name.value) || by.class.has(name.value)) {
    context.used.add(`class ${name.value}`);
    return judge({ kind: "class", name: name.value }, name.span, place);
  }
  if (isInvented(name)) return null;
  const below = [...by.action.keys()].some((action) => action.startsWith(`${name.value}.`));
  if (below) {
    context.report.error("AP2017", {
      span: name.span,
      message: `\`${name.value}\` is no action but the beginning of several`,
      label: "unknown name",
      help: `did you mean \`${spell(name.value)}.*\`?`,
      fix: guessAt(name.span, `${spell(name.value)}.*`),
    });
    return null;
  }
  const prefix = /^(.+)\.\*$/.exec(name.value)?.[1];
  if (prefix !== undefined || /^(?:all|any|everything|anything)$/i.test(name.value)) {
    const meant = prefix === undefined ? "*" : `${prefix}.*`;
    context.report.error("AP2017", {
      span: name.span,
      message: `there is no action or class \`${name.value}\``,
      label: prefix === undefined ? "unknown name" : "a name in quotes stands for itself",
      help: prefix === undefined ? "write `*` for every action" : `write \`${meant}\` without quotes`,
      fix: prefix === undefined ? guessAt(name.span, meant) : replaceWith(name.span, meant),
    });
    return null;
  }
  const opening = place.opening && nearestName(name.value, [SESSION_OPEN]) !== null ? [SESSION_OPEN] : [];
  const known = [...by.action.keys(), ...BUILT_IN_CLASSES, ...by.class.keys(), ...opening];
  reportUnknown(context.report, { code: "AP2017", what: "action or class", name }, known);
  return null;
}

function resolveOpening({ span, value }: Name, { context, opening }: SelectorPlace): Selector | null {
  if (opening) return { kind: "action", name: value };
  context.report.error("AP3103", {
    span,
    message: "`session.open` can only stand in `never` and `limit`",
    label: "opening a session needs no grant, and nobody can be asked before it",
    help: "bound it with `limit session.open to N in D per agent`, or forbid it with `never session.open`",
  });
  return null;
}

function judge(selector: Selector, span: Span, place: SelectorPlace): Selector | null {
  const { context, selections, empty } = place;
  if (place.opening && selectsOpening(selector)) return selector;
  if (actionsOf(selector, selections.actions).length > 0 || empty === "silent") return selector;
  // While an action can't be resolved, nobody knows what it would have been selected by.
  if (context.faulty.size > 0) return selector;
  reportEmpty(selector, span, { report: context.report, empty, names: [...context.names.by.action.keys()] });
  return empty === "error" ? null : selector;
}

function reportEmpty(
  selector: Selector,
  span: Span,
  { report, empty, names }: { readonly report: Report; readonly empty: Emptiness; readonly names: readonly string[] },
): void {
  // The gate that an import writes guards what it will bring next; nobody has to look at that.
  if (empty !== "error" && selector.kind === "class" && selector.name.endsWith("_unreviewed")) return;
  const isPrefix = selector.kind === "prefix";
  const near = isPrefix ? nearestName(selector.prefix, prefixesOf(names)) : null;
  const finding = {
    span,
    message: isPrefix
      ? `no action's name begins with \`${selector.prefix}.\``
      : `no action is \`${selector.kind === "class" ? selector.name : "*"}\` yet`,
    label: empty === "error" ? "grants nothing" : "guards only what comes later",
    help:
      near !== null
        ? `did you mean \`${near}.*\`?`
        : empty === "error"
          ? "remove it, or declare an action for it"
          : "look whether the name is meant; if it guards what comes later, leave it",
    fix: near === null ? null : guessAt(span, `${spell(near)}.*`),
  };
  if (empty === "error") report.error("AP3080", finding);
  else report.note("AP3081", finding);
}

function prefixesOf(names: readonly string[]): ReadonlySet<string> {
  const prefixes = new Set<string>();
  for (const name of names) {
    for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) prefixes.add(name.slice(0, dot));
  }
  return prefixes;
}
