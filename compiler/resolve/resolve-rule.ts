/** One rule: its scope, condition, channels, approvals and end. */
import type { RuleNode } from "../../dsl/index.ts";
import type { ResolvedRule } from "../program.ts";
import { typeGuard } from "../type/type-guard.ts";
import { readMoment } from "../type/type-literal.ts";
import { lookupAll, type Resolver } from "./context.ts";
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
  });
  const to = lookupAll(resolver, "channel", node.to);
  const via = lookupAll(resolver, "approval", node.via);
  const until = node.until === null ? null : readMoment(node.until);
  if (scoped === null) return null;
  const condition = typeGuard(node.guard, scoped.conditionScope, node.tier, resolver);
  const complete = to.length === countNames(node.to) && via.length === countNames(node.via);
  if (!condition.sound || !complete || !clausesSound) return null;
  const { tier, trial } = node;
  return { node, tier, trial, scope: scoped.scope, when: condition.when, to, via, until, actions: scoped.actions };
}

function countNames(names: RuleNode["to"]): number {
  return new Set(names.map((name) => name.value)).size;
}

/** Which clauses a tier needs, and which it can't have. */
function checkClauses(node: RuleNode, { resolver, everyAgent }: RulePlace): boolean {
  const { tier } = node;
  const problems = [
    everyAgent && tier === "allow" ? ALLOW_EVERYWHERE : null,
    tier === "notify" && node.to.length === 0 ? NOTIFY_WHOM : null,
    tier === "ask" && node.via.length === 0 ? ASK_WHOM : null,
    tier !== "notify" && node.to.length > 0 ? { ...TO_WHERE, span: node.to[0]?.span } : null,
    tier !== "ask" && node.via.length > 0 ? { ...VIA_WHERE, span: node.via[0]?.span } : null,
    node.until !== null && tier !== "allow" && tier !== "notify" ? { ...UNTIL_WHERE, span: node.until.span } : null,
  ].filter((problem) => problem !== null);
  for (const problem of problems) {
    const { code, help } = problem;
    const span = ("span" in problem ? problem.span : null) ?? node.tierSpan;
    resolver.report.error(code, { span, message: problem.message, label: problem.label, help });
  }
  return problems.length === 0;
}

const ALLOW_EVERYWHERE = {
  code: "AP3083",
  message: "`every agent` only restricts",
  label: "would grant to every agent",
  help: "move the rule to a role",
};
const NOTIFY_WHOM = {
  code: "AP3084",
  message: "`notify` needs a channel",
  label: "tells nobody",
  help: "add `to CHANNEL`",
};
const ASK_WHOM = {
  code: "AP3085",
  message: "`ask` needs an approval",
  label: "asks nobody",
  help: "add `via APPROVAL`",
};
const TO_WHERE = {
  code: "AP3086",
  message: "`to` belongs to `notify`",
  label: "tells nobody here",
  help: "remove it, or begin the rule with `notify`",
};
const VIA_WHERE = {
  code: "AP3087",
  message: "`via` belongs to `ask`",
  label: "asks nobody here",
  help: "remove it, or begin the rule with `ask`",
};
const UNTIL_WHERE = {
  code: "AP3088",
  message: "`until` ends an `allow` or `notify` only",
  label: "a restriction that ends loosens by itself",
  help: "remove it, and remove the rule when its time has come",
};
