/** What a rule or limit is about: selectors, exceptions and patterns. */
import type { LimitNode, RuleNode, SelectorNode } from "../../dsl/index.ts";
import { type Action, OPENING, type Pattern, type Scope as RuleScope, type Selector } from "../../engine/index.ts";
import { SESSION_OPEN } from "../collect/names.ts";
import { noReads, type Scope } from "../type/scope.ts";
import type { Resolver } from "./context.ts";
import { withOpening } from "./opening.ts";
import { canMatch } from "./overlap.ts";
import { resolvePatterns } from "./resolve-pattern.ts";
import { type Emptiness, resolveSelectors } from "./resolve-selectors.ts";
import { selectedActions, type Selections } from "./selection.ts";
import { spellTemplate } from "./template.ts";

export interface ScopePlace {
  readonly resolver: Resolver;
  readonly selections: Selections;
  readonly empty: Emptiness;
  /** The tier's word where detectors may not be read. */
  readonly grantingTier: string | null;
  /** Whether it may be about the opening of sessions: only `never` and limits may. */
  readonly opening: boolean;
}

export interface ResolvedScope {
  readonly scope: RuleScope;
  readonly actions: readonly Action[];
  /** For the condition: what it can read. */
  readonly conditionScope: Scope;
}

/** The scope; null, with messages, where part of it is wrong. */
export function resolveScope(node: RuleNode | LimitNode, place: ScopePlace): ResolvedScope | null {
  const select = selectorsOf(node.select, place, place.empty);
  const except = selectorsOf(node.except, place, "silent");
  if (select === null || except === null || select.length === 0) return null;
  const about = { select, except, on: node.on === null ? null : [] };
  const today = selectedActions(place.selections, about);
  const actions = place.opening ? withOpening(today, about) : today;
  const conditionScope = conditionScopeOf(actions, node, place);
  if (!soundNames(node, place)) return null;
  const on = node.on === null ? null : resolvePatterns(node.on, conditionScope);
  const onExcept = resolvePatterns(node.onExcept, conditionScope);
  if ((node.on !== null && on === null) || onExcept === null) return null;
  const scope = { select, except, on, on_except: onExcept };
  return judgeEmpty(node, scope, actions, place) ? { scope, actions, conditionScope } : null;
}

function selectorsOf(
  nodes: readonly SelectorNode[],
  { resolver, selections, opening }: ScopePlace,
  empty: Emptiness,
): readonly Selector[] | null {
  return resolveSelectors(nodes, { context: resolver, selections, empty, opening: opening || empty === "silent" });
}

function conditionScopeOf(actions: readonly Action[], node: RuleNode | LimitNode, place: ScopePlace): Scope {
  return {
    context: place.resolver,
    actions,
    variables: new Map(),
    inQuantifier: false,
    negated: node.guard?.unless ?? false,
    grantingTier: place.grantingTier,
    reads: noReads(),
  };
}

/** A rule with `on` passes over actions without resources, so naming one there can only be a mistake. */
function soundNames(node: RuleNode | LimitNode, { resolver, selections }: ScopePlace): boolean {
  if (node.on === null) return true;
  let sound = true;
  for (const selector of node.select) {
    if (selector.kind !== "NameSelector") continue;
    const { value } = selector.name;
    const action = value === SESSION_OPEN ? OPENING : selections.actions.byName.get(value);
    if (!action || action.resources !== null) continue;
    sound = false;
    resolver.report.error("AP3082", {
      span: selector.span,
      message: `\`${action.name}\` has no resources, so \`on\` passes over it`,
      label: action === OPENING ? "always `on none`" : "declared `on none`",
      help: "write a rule of its own for it, without `on`",
    });
  }
  return sound;
}

/** Whether the rule can be used. What can't match anything is an error where the rule grants. */
function judgeEmpty(
  node: RuleNode | LimitNode,
  scope: RuleScope,
  actions: readonly Action[],
  place: ScopePlace,
): boolean {
  if (place.empty === "silent" || place.resolver.faulty.size > 0) return true;
  const named = selectedActions(place.selections, { select: scope.select, except: [], on: scope.on });
  if (actions.length === 0) {
    // Each selector that names nothing has had its message.
    if (named.length > 0)
      report(
        place,
        node.except[0]?.span ?? node.span,
        "nothing is left after `except`",
        "remove the rule, or except less",
      );
    return place.empty !== "error" || named.length === 0;
  }
  const dead = (scope.on ?? []).filter((pattern) => !actions.some((action) => canMatch(pattern, action)));
  for (const pattern of dead) {
    const literal = node.on?.find((candidate) => spellPattern(pattern) === candidate.value);
    const help = `${actions.length === 1 ? "the action's `on` is" : "the actions' `on` are"} ${resourcesOf(actions)}`;
    report(place, literal?.span ?? node.span, "no resource of these actions matches this pattern", help);
  }
  return place.empty !== "error" || dead.length === 0;
}

function report(place: ScopePlace, span: RuleNode["span"], message: string, help: string): void {
  const { report: findings } = place.resolver;
  const label = place.empty === "error" ? "grants nothing" : "guards only what comes later";
  if (place.empty === "error") findings.error("AP3080", { span, message, label, help });
  else findings.note("AP3081", { span, message, label, help });
}

/** At most three templates, as they are written. */
function resourcesOf(actions: readonly Action[]): string {
  const rows = actions.flatMap((action) => action.resources ?? []);
  const templates = [...new Set(rows.map(({ template }) => spellTemplate(template)))];
  const more = templates.length - 3;
  const shown = templates.slice(0, 3).map((template) => `\`"${template}"\``);
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

function spellPattern(pattern: Pattern): string {
  return pattern
    .map((segment) => {
      if (segment.kind === "rest") return "**";
      if (segment.kind === "text") return segment.text;
      if (segment.kind === "glob") return segment.glob;
      const { operand } = segment;
      return operand.from === "fact"
        ? `{${operand.fact}}`
        : operand.from === "args"
          ? `{args.${operand.path.join(".")}}`
          : "";
    })
    .join("/");
}
