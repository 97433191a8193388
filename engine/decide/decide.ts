/**
 * `decide` finishes what `match` left, with what the session knows at this moment. It reads the state and changes
 * nothing: whoever admits the request spends, labels and tells what the decision says.
 */
import type { Decision, LimitStatus, Reason, Spend } from "../decision.ts";
import type { CallerRest, Denial, Remainder, Row, RuleRef } from "../remainder.ts";
import type { State } from "../state.ts";
import { FALSE, TRUE } from "../formula/truth.ts";
import {
  ALLOWED,
  NOT_GRANTED,
  allowedAsApproved,
  forbidden,
  needsApproval,
  notDelegated,
  notGrantedUnknown,
  overLimit,
  personMissing,
} from "./message.ts";
import { collectUnknown, settle } from "./settle.ts";
import { type WeighedLimit, spendOf, statusOf, unknownLimits, weighLimits } from "./weigh-limits.ts";
import {
  type WeighedRules,
  onceEach,
  rulesOf,
  trialsOf,
  unknownGrants,
  unknownRestrictions,
  weighRules,
} from "./weigh-rules.ts";

/**
 * Without a grant, of the agent's own and of every caller, the request is denied. Else the strictest wins: `never`, then a limit that is over and asks nobody,
 * then every approval that a rule or an exceeded limit needs, then `notify`, then `allow`.
 */
export function decide(rest: Remainder, state: State): Decision {
  if (rest.denied !== null) return deniedBefore(rest.denied);
  return decideAtOnce(rest, state) ?? weigh(rest, state);
}

/**
 * The two commonest remainders need no weighing: nothing is left, so nothing grants; or one rule of each block that
 * grants, whatever the session knows. Null for any other.
 */
function decideAtOnce(rest: Remainder, state: State): Decision | null {
  const { rows, limits, callers } = rest;
  if (limits.length > 0 || callers.length > 0) return null;
  const [row] = rows;
  if (row === undefined) return UNGRANTED;
  return rows.every(isPlainGrant) ? admitPlainly(rest, row.rule, state) : null;
}

function isPlainGrant({ rule, may_grant, role, grants }: Row): boolean {
  return grants === true && may_grant && role === null && rule.tier === "allow" && !rule.trial;
}

function weigh(rest: Remainder, state: State): Decision {
  const rules = weighRules(rest.rows, state);
  const limits = rest.limits.length === 0 ? NO_WEIGHED : weighLimits(rest.limits, state);
  if (isPlainlyForbidden(rules, limits, rest)) return forbidPlainly(rest, state);
  const question: Question = { rest, state, rules, limits };
  if (rest.requester === null && limits.some(countsPersons)) {
    return deny(question, "requester_missing", personMissing(rest.action), NO_RULES, NO_NAMES);
  }
  const undelegated = rest.callers.length === 0 ? NO_CALLERS : undelegatedBy(rest.callers, state);
  if (undelegated.length > 0) return denyUndelegated(question, undelegated);
  if (!rules.granted) return denyUngranted(question);
  if (rules.tier === "never") return forbid(question);
  const cap = limits.length === 0 ? undefined : limits.find(isCap);
  if (cap !== undefined)
    return deny(question, "limit_exceeded", overLimit(rest.action, cap), NO_RULES, doubts(question));
  return admitOrAsk(question);
}

/** The request with all that stands for and against it. */
interface Question {
  readonly rest: Remainder;
  readonly state: State;
  readonly rules: WeighedRules;
  /** Those on trial too. */
  readonly limits: readonly WeighedLimit[];
}

function admitOrAsk(question: Question): Decision {
  const { rest, state, rules, limits } = question;
  const asks = rules.tier === "ask" ? rulesOf(rest.rows, "ask", state) : NO_RULES;
  const approvals = neededApprovals(asks, limits);
  if (approvals.length === 0) return admit(question, rules.tier, rulesOf(rest.rows, rules.tier, state), NO_NAMES);
  if (!approvals.every((approval) => state.approved(approval))) return ask(question, asks, approvals);
  return admit(question, "ask", asks, approvals);
}

function admitPlainly(rest: Remainder, rule: RuleRef, state: State): Decision {
  return {
    decision: "allow",
    tier: "allow",
    reason: "rule",
    message: ALLOWED,
    faults: NO_FAULTS,
    rules: [rule],
    approvals: NO_NAMES,
    notify: NO_NAMES,
    spends: NO_SPENDS,
    limits: NO_STATUS,
    adds: labelsOf(rest, state),
    clears: NO_NAMES,
    unknown: NO_NAMES,
    trials: NO_RULES,
  };
}

function admit(
  question: Question,
  tier: Decision["tier"],
  deciding: readonly RuleRef[],
  approvals: readonly string[],
): Decision {
  const { rest, state, limits } = question;
  return {
    decision: "allow",
    tier,
    reason: "rule",
    message: approvals.length === 0 ? ALLOWED : allowedAsApproved(rest.action, approvals),
    faults: NO_FAULTS,
    rules: deciding,
    approvals,
    notify: channelsOf(question),
    spends: limits.length === 0 ? NO_SPENDS : limits.filter(isEnforced).map(spendOf),
    limits: statusesOf(limits),
    adds: labelsOf(rest, state),
    // Nobody but a person takes a label off a session.
    clears: approvals.length > 0 ? rest.clears : NO_NAMES,
    unknown: doubts(question),
    trials: rehearsals(question),
  };
}

function ask(question: Question, asks: readonly RuleRef[], approvals: readonly string[]): Decision {
  return {
    decision: "ask",
    tier: "ask",
    reason: "rule",
    message: needsApproval(question.rest.action, approvals),
    faults: NO_FAULTS,
    rules: asks,
    approvals,
    notify: channelsOf(question),
    spends: NO_SPENDS,
    limits: statusesOf(question.limits),
    adds: NO_NAMES,
    clears: NO_NAMES,
    unknown: doubts(question),
    trials: rehearsals(question),
  };
}

function forbid(question: Question): Decision {
  const rules = rulesOf(question.rest.rows, "never", question.state);
  return deny(question, "rule", forbidden(rules), rules, doubts(question));
}

function denyUngranted(question: Question): Decision {
  const { rest, state } = question;
  const facts = unknownGrants(rest.rows, state);
  if (facts === null) return deny(question, "no_rule", NOT_GRANTED, NO_RULES, NO_NAMES);
  const names = sorted(facts);
  return deny(question, "unknown_fact", notGrantedUnknown(rest.action, names), NO_RULES, names);
}

/** Whoever stands above the agent has to have it among what it may call. */
function denyUndelegated(question: Question, callers: readonly CallerRest[]): Decision {
  const { rest, state } = question;
  const facts = new Set<string>();
  for (const { granted } of callers) collectUnknown(granted, state, facts);
  const names = sorted(facts);
  return deny(question, "not_delegated", notDelegated(rest, callers[0]?.agent ?? "", names), NO_RULES, names);
}

function undelegatedBy(callers: readonly CallerRest[], state: State): readonly CallerRest[] {
  return callers.filter(({ granted }) => settle(granted, state) !== TRUE);
}

/** Nothing is admitted, so nothing is spent, labelled or told. */
function deny(
  question: Question,
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
    limits: statusesOf(question.limits),
    adds: NO_NAMES,
    clears: NO_NAMES,
    unknown,
    trials: rehearsals(question),
  };
}

function deniedBefore({ reason, message, faults, unknown }: Denial): Decision {
  return plainDenial(reason, message, faults, NO_RULES, unknown);
}

/** A `never` with nothing beside it that an answer would have to tell. */
function isPlainlyForbidden(rules: WeighedRules, limits: readonly WeighedLimit[], { callers }: Remainder): boolean {
  const plain = !rules.doubtful && !rules.rehearses && limits.length === 0 && callers.length === 0;
  return plain && rules.granted && rules.tier === "never";
}

function forbidPlainly({ rows }: Remainder, state: State): Decision {
  const rules = rulesOf(rows, "never", state);
  return plainDenial("rule", forbidden(rules), NO_FAULTS, rules, NO_NAMES);
}

/** Denied where no limit and no rehearsal has a say. */
function plainDenial(
  reason: Reason,
  message: string,
  faults: Decision["faults"],
  rules: readonly RuleRef[],
  unknown: readonly string[],
): Decision {
  return {
    decision: "deny",
    tier: "never",
    reason,
    message,
    faults,
    rules,
    approvals: NO_NAMES,
    notify: NO_NAMES,
    spends: NO_SPENDS,
    limits: NO_STATUS,
    adds: NO_NAMES,
    clears: NO_NAMES,
    unknown,
    trials: NO_RULES,
  };
}

/** Every approval that a rule asks for, or that admits beyond an exceeded limit. */
function neededApprovals(asks: readonly RuleRef[], limits: readonly WeighedLimit[]): readonly string[] {
  if (asks.length === 0 && limits.length === 0) return NO_NAMES;
  const names = new Set(asks.flatMap((rule) => rule.via));
  for (const { row, over } of limits) if (over && !row.trial && row.via !== null) names.add(row.via);
  return sorted(names);
}

function channelsOf({ rest, state, rules }: Question): readonly string[] {
  if (!rules.notifies) return NO_NAMES;
  return sorted(new Set(rulesOf(rest.rows, "notify", state).flatMap((rule) => rule.to)));
}

/** A label whose condition is unknown is taken. */
function labelsOf({ yields }: Remainder, state: State): readonly string[] {
  if (yields.length === 0) return NO_NAMES;
  return sorted(new Set(yields.filter(({ holds }) => settle(holds, state) !== FALSE).map(({ label }) => label)));
}

/** Facts whose absence made a restriction or a limit hold. */
function doubts({ rest, state, rules, limits }: Question): readonly string[] {
  if (!rules.doubtful && limits.length === 0) return NO_NAMES;
  const facts = new Set<string>();
  unknownRestrictions(rest.rows, state, facts);
  unknownLimits(
    limits.filter(({ row }) => !row.trial),
    state,
    facts,
  );
  return sorted(facts);
}

function statusesOf(limits: readonly WeighedLimit[]): readonly LimitStatus[] {
  return limits.length === 0 ? NO_STATUS : limits.filter(isEnforced).map(statusOf);
}

/** What rules and limits on trial would have done. */
function rehearsals({ rest, state, rules, limits }: Question): readonly RuleRef[] {
  if (!rules.rehearses && limits.length === 0) return NO_RULES;
  const would = limits.filter(({ row, over }) => row.trial && over).map(rehearsal);
  return onceEach([...trialsOf(rest.rows, state), ...would]);
}

function sorted(names: ReadonlySet<string>): readonly string[] {
  return names.size === 0 ? NO_NAMES : [...names].sort();
}

function countsPersons({ row }: WeighedLimit): boolean {
  return row.per === "requester" && !row.trial;
}

/** Over, and no approval admits beyond it. */
function isCap({ row, over }: WeighedLimit): boolean {
  return over && row.via === null && !row.trial;
}

/** What stands twice, for two agents of a chain that share one count, is shown and spent once. */
function isEnforced({ row, again }: WeighedLimit): boolean {
  return !row.trial && !again;
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
const NO_CALLERS: Remainder["callers"] = Object.freeze([]);
const NO_WEIGHED: readonly WeighedLimit[] = Object.freeze([]);
const NO_FAULTS: Decision["faults"] = Object.freeze([]);

const UNGRANTED = Object.freeze(
  deniedBefore({ reason: "no_rule", message: NOT_GRANTED, faults: NO_FAULTS, unknown: NO_NAMES }),
);
