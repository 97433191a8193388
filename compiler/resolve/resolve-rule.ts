/** One rule: its scope, condition, channels, approvals and end. */
import type { RuleNode } from "../../dsl/index.ts";
import type { ResolvedRule } from "../program.ts";
import { typeGuard } from "../type/type-guard.ts";
import { readMoment } from "../type/type-literal.ts";
import { lookupAll, type Resolver } from "./context.ts";
import { checkClauses } from "./check-clauses.ts";
import { refuseOpeningPrefix } from "./opening.ts";
import { resolveScope } from "./resolve-scope.ts";
import type { Selections } from "./selection.ts";

export interface RulePlace {
  readonly resolver: Resolver;
  readonly selections: Selections;
  /** In `every agent` rules only restrict. */
  readonly everyAgent: boolean;
}

/** The rule; null, with messages, where anything in it is wrong. */
export function resolveRule(node: RuleNode, place: RulePlace): ResolvedRule | null {
  const { resolver } = place;
  const clausesSound = checkClauses(node, place);
  const grants = node.tier === "allow" || node.tier === "notify";
  const scoped = resolveScope(node, {
    ...place,
    empty: grants ? "error" : "note",
    grantingTier: grants ? node.tier : null,
    opening: node.tier === "never",
  });
  const openingSound = !refuseOpeningPrefix(node, resolver.report);
  // What a clause names that can't stand here needn't exist.
  const to = node.tier === "notify" ? lookupAll(resolver, "channel", node.to) : [];
  const via = node.tier === "ask" ? lookupAll(resolver, "approval", node.via) : [];
  const until = node.until === null ? null : readMoment(node.until);
  if (scoped === null) return null;
  const condition = typeGuard(node.guard, scoped.conditionScope, node.tier, resolver);
  if (!condition.sound || !clausesSound || !openingSound) return null;
  if (to.length < countNames(node.to) || via.length < countNames(node.via)) return null;
  const { tier, trial } = node;
  return { node, tier, trial, scope: scoped.scope, when: condition.when, to, via, until, actions: scoped.actions };
}

function countNames(names: RuleNode["to"]): number {
  return new Set(names.map((name) => name.value)).size;
}
