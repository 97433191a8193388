/**
 * `decide` finishes what `match` left, with what the session knows at this moment. It reads the state and changes
 * nothing: whoever admits the request spends, labels and tells what the decision says.
 */
import type { Decision, LimitStatus, Reason, Spend } from "../decision.ts";
import type { Denial, Remainder, RuleRef } from "../remainder.ts";
import type { State } from "../state.ts";
import { FALSE } from "../formula/truth.ts";
import {
  ALLOWED,
  NOT_GRANTED,
  allowedAsApproved,
  forbidden,
  needsApproval,
  notGrantedUnknown,
  overLimit,
} from "./message.ts";
import { settle } from "./settle.ts";
import { type WeighedLimit, spendOf, statusOf, unknownLimits, weighLimits } from "./weigh-limits.ts";
import { type WeighedRules, rulesOf, trialsOf, unknownGrants, unknownRestrictions, weighRules } from "./weigh-rules.ts";

/**
 * Without a grant the request is denied. Else the strictest wins: `never`, then a limit that is over and asks nobody,
 * then every approval that a rule or an exceeded limit needs, then `notify`, then `allow`.
 */
export function decide(rest: Remainder, state: State): Decision {
  if (rest.denied !== null) return deniedBefore(rest.denied);
  const rules = weighRules(rest.rows, state);
  const all = rest.limits.length === 0 ? NO_WEIGHED : weighLimits(rest.limits, state);
  const limits = all.length === 0 ? NO_WEIGHED : all.filter(isEnforced);
  const weighed: Weighed = { rest, state, rules, limits, trials: rehearsals(rest, state, rules, all) };
  if (!rules.granted) return denyUngranted(weighed);
  if (rules.tier === "never") return forbid(weighed);
  const cap = limits.find(({ row, over }) => over && row.via === null);
  if (cap !== undefined) return deny(weighed, "limit_exceeded", overLimit(rest.action, cap), NO_RULES, doubts(weighed));
  return admitOrAsk(weighed);
}

interface Weighed {
  readonly rest: Remainder;
  readonly state: State;
  readonly rules: WeighedRules;
  /** Without those on trial. */
  readonly limits: readonly WeighedLimit[];
  readonly trials: readonly RuleRef[];
}

function admitOrAsk(weighed: Weighed): Decision {
  const { rest, state, rules, limits } = weighed;
  const asks = rules.tier === "ask" ? rulesOf(rest.rows, "ask", state) : NO_RULES;
  const approvals = neededApprovals(asks, limits);
  if (approvals.length === 0) return admit(weighed, rules.tier, rulesOf(rest.rows, rules.tier, state), NO_NAMES);
  if (!approvals.every((approval) => state.approved(approval))) return ask(weighed, asks, approvals);
  return admit(weighed, "ask", asks, approvals);
}

function admit(
  weighed: Weighed,
  tier: Decision["tier"],
  deciding: readonly RuleRef[],
  approvals: readonly string[],
): Decision {
  const { rest, state, limits } = weighed;
  return {
    decision: "allow",
    tier,
    reason: "rule",
    message: approvals.length === 0 ? ALLOWED : allowedAsApproved(rest.action, approvals),
    faults: NO_FAULTS,
    rules: deciding,
    approvals,
    notify: channelsOf(weighed),
    spends: limits.length === 0 ? NO_SPENDS : limits.map(spendOf),
    limits: limits.length === 0 ? NO_STATUS : limits.map(statusOf),
    adds: rest.yields.length === 0 ? NO_NAMES : labelsOf(rest, state),
    clears: rest.clears,
    unknown: doubts(weighed),
    trials: weighed.trials,
  };
}

function ask(weighed: Weighed, asks: readonly RuleRef[], approvals: readonly string[]): Decision {
  const { rest, limits, trials } = weighed;
  return {
    decision: "ask",
    tier: "ask",
    reason: "rule",
    message: needsApproval(rest.action, approvals),
    faults: NO_FAULTS,
    rules: asks,
    approvals,
    notify: channelsOf(weighed),
    spends: NO_SPENDS,
    limits: limits.map(statusOf),
    adds: NO_NAMES,
    clears: NO_NAMES,
    unknown: doubts(weighed),
    trials,
  };
}

function forbid(weighed: Weighed): Decision {
  const { rest, state } = weighed;
  const rules = rulesOf(rest.rows, "never", state);
  return deny(weighed, "rule", forbidden(rest.action, rules), rules, doubts(weighed));
}

function denyUngranted(weighed: Weighed): Decision {
  if (weighed.rest.rows.length === 0) return deny(weighed, "no_rule", NOT_GRANTED, NO_RULES, NO_NAMES);
  const facts = new Set<string>();
  unknownGrants(weighed.rest.rows, weighed.state, facts);
  if (facts.size === 0) return deny(weighed, "no_rule", NOT_GRANTED, NO_RULES, NO_NAMES);
  const names = sorted(facts);
  return deny(weighed, "unknown_fact", notGrantedUnknown(weighed.rest.action, names), NO_RULES, names);
}

/** Nothing is admitted, so nothing is spent, labelled or told. */
function deny(
  { limits, trials }: Weighed,
  reason: Reason,
  message: string,
  rules: readonly RuleRef[],
  unknown: readonly string[],
): Decision {
  return {
    decision: "deny",
    tier: "never",
    reason,
    message,
    faults: NO_FAULTS,
    rules,
    approvals: NO_NAMES,
    notify: NO_NAMES,
    spends: NO_SPENDS,
    limits: limits.length === 0 ? NO_STATUS : limits.map(statusOf),
    adds: NO_NAMES,
    clears: NO_NAMES,
    unknown,
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

function channelsOf({ rest, state, rules }: Weighed): readonly string[] {
  if (!rules.notifies) return NO_NAMES;
  return sorted(new Set(rulesOf(rest.rows, "notify", state).flatMap((rule) => rule.to)));
}

/** A label whose condition is unknown is taken. */
function labelsOf({ yields }: Remainder, state: State): readonly string[] {
  return sorted(new Set(yields.filter(({ holds }) => settle(holds, state) !== FALSE).map(({ label }) => label)));
}

/** Facts whose absence made a restriction or a limit hold. */
function doubts({ rest, state, rules, limits }: Weighed): readonly string[] {
  if (!rules.doubtful && limits.length === 0) return NO_NAMES;
  const facts = new Set<string>();
  unknownRestrictions(rest.rows, state, facts);
  unknownLimits(limits, state, facts);
  return sorted(facts);
}

function rehearsals(
  { rows }: Remainder,
  state: State,
  { rehearses }: WeighedRules,
  limits: readonly WeighedLimit[],
): readonly RuleRef[] {
  const rules = rehearses ? trialsOf(rows, state) : NO_RULES;
  return limits.length === 0 ? rules : [...rules, ...limits.filter(wouldHaveCounted).map(rehearsal)];
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
