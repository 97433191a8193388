/**
 * A naive evaluator of policies, written straight from docs/language.md over the tree: no table, no folding, no index.
 * It exists to be compared with `decide(match(table, request), state)`; nothing in the product uses it.
 */
import type { ActionDeclaration, AgentDeclaration, LimitNode, RuleNode } from "../../dsl/ast.ts";
import { guardHolds } from "./conditions.ts";
import { actionNamed, agentNamed, standingFor } from "./declarations.ts";
import type { Situation } from "./facts.ts";
import { verdict, type Verdict } from "./formula.ts";
import { limitSeen, type Counted } from "./limits.ts";
import type { Answer, Policy, Question, SessionState } from "./model.ts";
import { resourcesOf } from "./resources.ts";
import { isUnknown, type Truth } from "./truth.ts";
import { checkFields } from "./values.ts";

const DAY = 86_400_000;

export function evaluate(policy: Policy, question: Question, state: SessionState): Answer {
  const agent = agentNamed(policy, question.agent);
  if (agent === undefined) return refused("unknown_agent");
  if (overdue(agent, question.at)) return refused("review_overdue");
  const action = actionNamed(policy, question.action);
  if (action === undefined) return refused("unknown_action");
  const checked = checkFields(question.args, action.params ?? [], action.open, "");
  if ("faults" in checked) return refused("invalid_argument", checked.faults);
  const args = checked.value.kind === "record" ? checked.value.fields : new Map();
  const situation: Situation = { policy, question, state, agent, args, resource: null, bound: new Map() };
  const resources = resourcesOf(action, situation);
  if ("faults" in resources) return refused("invalid_argument", resources.faults);
  if (question.resources && !sameMembers(question.resources, resources)) return refused("resource_mismatch");
  if (question.requester === undefined && requiresRequester(agent)) return refused("requester_missing");
  return decideWith(action, situation, resources);
}

function refused(reason: string, faults: readonly string[] = []): Answer {
  return {
    decision: "deny",
    tier: "never",
    reason,
    faults: faults.toSorted(),
    resources: [],
    approvals: [],
    notify: [],
    adds: [],
    clears: [],
    spends: [],
    unknown: [],
  };
}

function overdue(agent: AgentDeclaration, at: number): boolean {
  return agent.items.some((item) => item.kind === "ReviewBy" && at >= Date.parse(item.date.text) + DAY);
}

function requiresRequester(agent: AgentDeclaration): boolean {
  return agent.items.some((item) => item.kind === "RequesterRequired");
}

function sameMembers(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((one) => right.includes(one));
}

interface HeldLimit extends Counted {
  readonly restricts: Truth;
}

interface HeldRule extends Verdict {
  readonly rule: RuleNode;
  readonly mayGrant: boolean;
}

function heldRules(action: ActionDeclaration, situation: Situation, resources: readonly string[]): HeldRule[] {
  return standingFor(situation.policy, situation.agent).flatMap(({ item, mayGrant }) => {
    if (item.kind !== "Rule" || item.trial) return [];
    if (item.until !== null && situation.question.at >= Date.parse(item.until.text)) return [];
    return [{ rule: item, mayGrant, ...verdict(item, action, situation, resources) }];
  });
}

function heldLimits(action: ActionDeclaration, situation: Situation, resources: readonly string[]): HeldLimit[] {
  const limits = standingFor(situation.policy, situation.agent)
    .map(({ item }) => item)
    .filter((item): item is LimitNode => item.kind === "Limit" && !item.trial);
  return limits.flatMap((limit) => {
    const { restricts } = verdict(limit, action, situation, resources);
    return restricts === false ? [] : [{ ...limitSeen(limit, situation), restricts }];
  });
}

function decideWith(action: ActionDeclaration, situation: Situation, resources: readonly string[]): Answer {
  const rules = heldRules(action, situation, resources);
  const grants = rules.filter(({ rule, mayGrant }) => mayGrant && rule.tier !== "never");
  const base = { ...refused("no_rule"), resources };
  if (!grants.some((held) => held.grants === true)) {
    const missing = names(grants.map((held) => held.grants));
    return missing.length === 0 ? base : { ...base, reason: "unknown_fact", unknown: missing };
  }
  const restricting = (tier: string): HeldRule[] =>
    rules.filter(({ rule, restricts }) => rule.tier === tier && restricts !== false);
  const limits = heldLimits(action, situation, resources);
  const restrictions = rules.filter(({ rule, restricts }) => rule.tier !== "allow" && restricts !== false);
  const unknown = names([...restrictions, ...limits].map((held) => held.restricts));
  const denied = { ...base, unknown };
  if (restricting("never").length > 0) return { ...denied, reason: "rule" };
  if (limits.some((limit) => limit.over && limit.via === null)) return { ...denied, reason: "limit_exceeded" };
  return admitOrAsk(denied, { action, situation }, [restricting("ask"), restricting("notify")], limits);
}

interface Case {
  readonly action: ActionDeclaration;
  readonly situation: Situation;
}

/** Every approval that a rule asks for, or that an exceeded limit wants instead of refusing. */
function admitOrAsk(
  base: Answer,
  { action, situation }: Case,
  [asks, notices]: readonly [readonly HeldRule[], readonly HeldRule[]],
  limits: readonly HeldLimit[],
): Answer {
  const over = limits.filter((limit) => limit.over);
  const asked = asks.flatMap(({ rule }) => rule.via.map((name) => name.value));
  const approvals = sorted([...asked, ...over.map((limit) => limit.via ?? "")]);
  const notify = sorted(notices.flatMap(({ rule }) => rule.to.map((name) => name.value)));
  const tier = approvals.length > 0 ? "ask" : notices.length > 0 ? "notify" : "allow";
  const seen: Answer = { ...base, decision: "ask", tier, reason: "rule", approvals, notify };
  if (!approvals.every((name) => situation.state.approvals.has(name))) return seen;
  const spends = limits.map(({ key, amount, n, over: beyond }) => ({ key, amount, n, beyond }));
  return { ...seen, decision: "allow", spends, ...labels(action, situation) };
}

/** A label whose condition is unknown is taken. */
function labels(action: ActionDeclaration, situation: Situation): Pick<Answer, "adds" | "clears"> {
  const taken = action.yields.filter((clause) => guardHolds(clause.guard, situation) !== false);
  return {
    adds: sorted(taken.map((clause) => clause.label.value)),
    clears: sorted(action.clears.map((name) => name.value)),
  };
}

function names(truths: readonly Truth[]): readonly string[] {
  return sorted(truths.filter(isUnknown).flatMap((truth) => truth.unknown));
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted();
}
