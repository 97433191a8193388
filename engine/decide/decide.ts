/**
 * `decide` finishes what `match` left, with what the session knows at this moment. It reads the state and changes
 * nothing: whoever admits the request spends, labels and tells what the decision says.
 */
import type { Decision, LimitStatus, Reason, Spend } from "../decision.ts";
import type { Denial, Remainder, RuleRef } from "../remainder.ts";
import type { State } from "../state.ts";
import { FALSE } from "../formula/truth.ts";
import {
  allowed,
  allowedAsApproved,
  forbidden,
  needsApproval,
  notGranted,
  notGrantedUnknown,
  overLimit,
} from "./message.ts";
import { settle } from "./settle.ts";
import { type WeighedLimit, spendOf, statusOf, weighLimits } from "./weigh-limits.ts";
import { type WeighedRules, unknownGrants, weighRules } from "./weigh-rules.ts";

/**
 * Without a grant the request is denied. Else the strictest wins: `never`, then a limit that is over and asks nobody,
 * then every approval that a rule or an exceeded limit needs, then `notify`, then `allow`.
 */
export function decide(rest: Remainder, state: State): Decision {
  if (rest.denied !== null) return deniedBefore(rest.denied);
  const unknown = new Set<string>();
  const rules = weighRules(rest.rows, state, unknown);
  const limits = rest.limits.length === 0 ? NO_WEIGHED : weighLimits(rest.limits, state, unknown);
  const trials =
    limits.length === 0 ? rules.trials : [...rules.trials, ...limits.filter(wouldHaveCounted).map(rehearsal)];
  const weighed: Weighed = { rest, state, rules, limits: limits.filter(isEnforced), trials, unknown };
  if (!rules.granted) return denyUngranted(weighed);
  if (rules.tier === "never") return deny(weighed, "rule", forbidden(rest.action, rules.deciding), rules.deciding);
  const cap = weighed.limits.find(({ row, over }) => over && row.via === null);
  if (cap !== undefined) return deny(weighed, "limit_exceeded", overLimit(rest.action, cap), NO_RULES);
  return admitOrAsk(weighed);
}

interface Weighed {
  readonly rest: Remainder;
  readonly state: State;
  readonly rules: WeighedRules;
  readonly limits: readonly WeighedLimit[];
  readonly trials: readonly RuleRef[];
  readonly unknown: ReadonlySet<string>;
}

function admitOrAsk(weighed: Weighed): Decision {
  const { rest, state, rules, limits } = weighed;
  const approvals = neededApprovals(rules.asks, limits);
  if (approvals.length === 0) return admit(weighed, rules.tier, approvals, allowed(rest.action));
  if (!approvals.every((approval) => state.approved(approval))) return ask(weighed, approvals);
  return admit(weighed, "ask", approvals, allowedAsApproved(rest.action, approvals));
}

function admit(weighed: Weighed, tier: Decision["tier"], approvals: readonly string[], message: string): Decision {
  const { rest, state, rules, limits, trials, unknown } = weighed;
  return {
    decision: "allow",
    tier,
    reason: "rule",
    message,
    faults: NO_FAULTS,
    rules: rules.deciding,
    approvals,
    notify: channelsOf(rules.notifies),
    spends: limits.length === 0 ? NO_SPENDS : limits.map(spendOf),
    limits: limits.length === 0 ? NO_STATUS : limits.map(statusOf),
    adds: labelsOf(rest, state),
    clears: rest.clears,
    unknown: sorted(unknown),
    trials,
  };
}

function ask(weighed: Weighed, approvals: readonly string[]): Decision {
  const { rest, rules } = weighed;
  return {
    ...withoutEffect(weighed, "rule", needsApproval(rest.action, approvals)),
    decision: "ask",
    tier: "ask",
    rules: rules.asks,
    approvals,
    notify: channelsOf(rules.notifies),
  };
}

function deny(weighed: Weighed, reason: Reason, message: string, rules: readonly RuleRef[]): Decision {
  return { ...withoutEffect(weighed, reason, message), rules };
}

function denyUngranted(weighed: Weighed): Decision {
  const { rest, state } = weighed;
  const facts = sorted(unknownGrants(rest.rows, state));
  if (facts.length === 0) return { ...withoutEffect(weighed, "no_rule", notGranted(rest.action)), unknown: facts };
  return { ...withoutEffect(weighed, "unknown_fact", notGrantedUnknown(rest.action, facts)), unknown: facts };
}

/** Nothing is admitted, so nothing is spent, labelled or told. */
function withoutEffect({ limits, trials, unknown }: Weighed, reason: Reason, message: string): Decision {
  return {
    decision: "deny",
    tier: "never",
    reason,
    message,
    faults: NO_FAULTS,
    rules: NO_RULES,
    approvals: NO_NAMES,
    notify: NO_NAMES,
    spends: NO_SPENDS,
    limits: limits.map(statusOf),
    adds: NO_NAMES,
    clears: NO_NAMES,
    unknown: sorted(unknown),
    trials,
  };
}

function deniedBefore({ reason, message, faults }: Denial): Decision {
  return {
    decision: "deny",
    tier: "never",
    reason,
    message,
    faults,
    rules: NO_RULES,
    approvals: NO_NAMES,
    notify: NO_NAMES,
    spends: NO_SPENDS,
    limits: NO_STATUS,
    adds: NO_NAMES,
    clears: NO_NAMES,
    unknown: NO_NAMES,
    trials: NO_RULES,
  };
}

/** Every approval that a rule asks for, or that admits beyond an exceeded limit. */
function neededApprovals(asks: readonly RuleRef[], limits: readonly WeighedLimit[]): readonly string[] {
  if (asks.length === 0 && limits.length === 0) return NO_NAMES;
  const names = new Set(asks.flatMap((rule) => rule.via));
  for (const { row, over } of limits) if (over && row.via !== null) names.add(row.via);
  return sorted(names);
}

function channelsOf(notifies: readonly RuleRef[]): readonly string[] {
  return notifies.length === 0 ? NO_NAMES : sorted(new Set(notifies.flatMap((rule) => rule.to)));
}

/** A label whose condition is unknown is taken. */
function labelsOf({ yields }: Remainder, state: State): readonly string[] {
  if (yields.length === 0) return NO_NAMES;
  return sorted(new Set(yields.filter(({ holds }) => settle(holds, state) !== FALSE).map(({ label }) => label)));
}

function sorted(names: ReadonlySet<string>): readonly string[] {
  return names.size === 0 ? NO_NAMES : [...names].sort();
}

function isEnforced({ row }: WeighedLimit): boolean {
  return !row.trial;
}

function wouldHaveCounted({ row, over }: WeighedLimit): boolean {
  return row.trial && over;
}

/** A limit on trial, in the form in which trial rules are reported. */
function rehearsal({ row }: WeighedLimit): RuleRef {
  const { id, via, text } = row;
  const tier = via === null ? "never" : "ask";
  return { id, tier, trial: true, block: "", to: [], via: via === null ? [] : [via], text, doc: null };
}

const NO_NAMES: readonly string[] = Object.freeze([]);
const NO_RULES: readonly RuleRef[] = Object.freeze([]);
const NO_SPENDS: readonly Spend[] = Object.freeze([]);
const NO_STATUS: readonly LimitStatus[] = Object.freeze([]);
const NO_WEIGHED: readonly WeighedLimit[] = Object.freeze([]);
const NO_FAULTS: Decision["faults"] = Object.freeze([]);
