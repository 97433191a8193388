/**
 * A naive evaluator of policies, written straight from docs/language.md over the tree: no table, no folding, no index.
 * It exists to be compared with `decide(match(table, request), state)`; nothing in the product uses it.
 */
import type { ActionDeclaration, AgentDeclaration } from "../../dsl/ast.ts";
import { carriesCanary } from "./canaries.ts";
import { guardHolds } from "./conditions.ts";
import { actionNamed, agentNamed } from "./declarations.ts";
import type { Situation } from "./facts.ts";
import { OPENING, selected } from "./formula.ts";
import { type Held, type HeldLimit, type HeldRule, type Party, heldFor } from "./held.ts";
import type { Answer, Policy, Question, SessionState } from "./model.ts";
import { resourcesOf } from "./resources.ts";
import { and, isUnknown, type Truth } from "./truth.ts";
import { checkFields } from "./values.ts";

const DAY = 86_400_000;

export function evaluate(policy: Policy, question: Question, state: SessionState): Answer {
  const chain = chainOf(policy, question);
  if ("reason" in chain) return refused(chain.reason);
  const action = actionNamed(policy, question.action);
  if (action === undefined) return refused("unknown_action");
  const checked = checkFields(question.args, action.params ?? [], action.open, "");
  if ("faults" in checked) return refused("invalid_argument", checked.faults);
  const args = checked.value.kind === "record" ? checked.value.fields : new Map();
  const situation: Situation = { policy, question, state, agent: chain.agent, args, resource: null, bound: new Map() };
  const resources = resourcesOf(action, situation);
  if ("faults" in resources) return refused("invalid_argument", resources.faults);
  const carried = carriesCanary(policy, question.args, question.sha256);
  if (isUnknown(carried)) return { ...refused("unknown_fact"), unknown: carried.unknown };
  if (carried) return refused("canary");
  if (question.resources && !sameMembers(question.resources, resources)) return refused("resource_mismatch");
  if (lacksRequester(chain, question)) return refused("requester_missing");
  return decideWith({ action, resources, situation, chain });
}

/** Opening a session: nothing has to grant it, and nothing but its own name selects it. */
export function evaluateOpening(policy: Policy, asked: Question, state: SessionState): Answer {
  const question = { ...asked, action: OPENING, args: {} };
  const chain = chainOf(policy, question);
  if ("reason" in chain) return refused(chain.reason);
  if (lacksRequester(chain, question)) return refused("requester_missing");
  const args = new Map();
  const situation: Situation = { policy, question, state, agent: chain.agent, args, resource: null, bound: new Map() };
  return decideWith({ action: OPENING_ACTION, resources: [], situation, chain });
}

const NOWHERE = { source: "", start: 0, end: 0 };
const OPENING_ACTION: ActionDeclaration = {
  kind: "Action",
  span: NOWHERE,
  doc: null,
  name: { kind: "Name", span: NOWHERE, value: OPENING, segments: OPENING.split(".") },
  params: [],
  paramsEnd: null,
  open: false,
  classes: [],
  resources: null,
  yields: [],
  clears: [],
  recovery: null,
  tool: null,
};

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
    trials: [],
  };
}

interface Chain {
  readonly agent: AgentDeclaration;
  /** The root first. */
  readonly callers: readonly AgentDeclaration[];
}

/** Everybody is known and reviewed: the agent first, then its callers from the root down. */
function chainOf(policy: Policy, { agent, callers = [], at }: Question): Chain | { readonly reason: string } {
  const found: AgentDeclaration[] = [];
  for (const name of [agent, ...callers]) {
    const declared = agentNamed(policy, name);
    if (declared === undefined) return { reason: "unknown_agent" };
    if (overdue(declared, at)) return { reason: "review_overdue" };
    found.push(declared);
  }
  const [acting, ...above] = found;
  if (acting === undefined) throw new Error("somebody always acts");
  return { agent: acting, callers: above };
}

function overdue(agent: AgentDeclaration, at: number): boolean {
  return agent.items.some((item) => item.kind === "ReviewBy" && at >= Date.parse(item.date.text) + DAY);
}

function lacksRequester({ agent, callers }: Chain, { requester }: Question): boolean {
  const required = [agent, ...callers].some((one) => one.items.some((item) => item.kind === "RequesterRequired"));
  return required && requester === undefined;
}

function sameMembers(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((one) => right.includes(one));
}

interface Case {
  readonly action: ActionDeclaration;
  readonly resources: readonly string[];
  readonly situation: Situation;
  readonly chain: Chain;
}

/** Each agent of the chain by itself; the strictest stands. */
function decideWith(of: Case): Answer {
  const { action, resources, situation, chain } = of;
  const parties: readonly Party[] = [
    { situation, acts: true },
    ...chain.callers.map((agent) => ({ situation: { ...situation, agent }, acts: false })),
  ];
  const held = heldFor(parties, action, resources);
  const base = { ...refused("no_rule"), resources, trials: held.trials };
  const personal = held.limits.some((limit) => limit.node.per.value === "requester");
  if (personal && situation.question.requester === undefined) return { ...base, reason: "requester_missing" };
  const delegated = chain.callers.map((_, at) => listed(of, at));
  if (delegated.some((truth) => truth !== true)) {
    return { ...base, reason: "not_delegated", unknown: names(delegated) };
  }
  const grants = held.rules.filter(({ node, mayGrant }) => mayGrant && node.tier !== "never");
  if (action.name.value !== OPENING && !grants.some((rule) => rule.grants === true)) {
    const missing = names(grants.map((rule) => rule.grants));
    return missing.length === 0 ? base : { ...base, reason: "unknown_fact", unknown: missing };
  }
  return strictest(base, of, held);
}

/** Does the caller list the action for the next agent down? Opening a session of it needs any entry at all. */
function listed({ action, resources, situation, chain }: Case, at: number): Truth {
  const caller = chain.callers[at];
  const next = chain.callers[at + 1] ?? chain.agent;
  if (caller === undefined) throw new Error("there is no such caller");
  const entries = caller.items.flatMap((item) =>
    item.kind === "MayCall" && item.agent.value === next.name.value ? [item] : [],
  );
  if (action.name.value === OPENING) return entries.length > 0;
  const selectors = entries.flatMap((entry) => [...entry.select]);
  const held = resources.length === 0 ? [null] : resources;
  return and(held.map((resource) => selected(selectors, action, { ...situation, agent: caller, resource })));
}

function strictest(base: Answer, of: Case, { rules, limits }: Held): Answer {
  const restricting = (tier: string): readonly HeldRule[] =>
    rules.filter(({ node, restricts }) => node.tier === tier && restricts !== false);
  const restrictions = rules.filter(({ node, restricts }) => node.tier !== "allow" && restricts !== false);
  const uncounted = limits.flatMap((limit) => [...limit.uncounted]);
  const unknown = sorted([...names([...restrictions, ...limits].map((one) => one.restricts)), ...uncounted]);
  const denied = { ...base, unknown };
  if (restricting("never").length > 0) return { ...denied, reason: "rule" };
  if (limits.some((limit) => limit.over && limit.via === null)) return { ...denied, reason: "limit_exceeded" };
  return admitOrAsk(denied, of, [restricting("ask"), restricting("notify")], limits);
}

/** Every approval that a rule asks for, or that an exceeded limit wants instead of refusing. */
function admitOrAsk(
  base: Answer,
  { action, situation }: Case,
  [asks, notices]: readonly [readonly HeldRule[], readonly HeldRule[]],
  limits: readonly HeldLimit[],
): Answer {
  const over = limits.filter((limit) => limit.over);
  const asked = asks.flatMap(({ node }) => node.via.map((name) => name.value));
  const approvals = sorted([...asked, ...over.map((limit) => limit.via ?? "")]);
  const notify = sorted(notices.flatMap(({ node }) => node.to.map((name) => name.value)));
  const tier = approvals.length > 0 ? "ask" : notices.length > 0 ? "notify" : "allow";
  const seen: Answer = { ...base, decision: "ask", tier, reason: "rule", approvals, notify };
  if (!approvals.every((name) => situation.state.approvals.has(name))) return seen;
  const spends = once(limits).map(({ key, amount, n, over: beyond }) => ({ key, amount, n, beyond }));
  return { ...seen, decision: "allow", spends, ...labels(action, situation, approvals.length > 0) };
}

/** A limit that stands for several agents of the chain and counts for all of them at once is paid once. */
function once(limits: readonly HeldLimit[]): readonly HeldLimit[] {
  return limits.filter((limit, at) => {
    const first = limits.findIndex(
      (one) => one.node === limit.node && one.key === limit.key && one.agent === limit.agent,
    );
    return first === at;
  });
}

/** A label whose condition is unknown is taken; only an approved action clears one. */
function labels(action: ActionDeclaration, situation: Situation, approved: boolean): Pick<Answer, "adds" | "clears"> {
  const taken = action.yields.filter((clause) => guardHolds(clause.guard, situation) !== false);
  return {
    adds: sorted(taken.map((clause) => clause.label.value)),
    clears: approved ? sorted(action.clears.map((name) => name.value)) : [],
  };
}

function names(truths: readonly Truth[]): readonly string[] {
  return sorted(truths.filter(isUnknown).flatMap((truth) => truth.unknown));
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted();
}
