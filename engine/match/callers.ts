/**
 * The agents above the one that acts. Each is asked by itself: what it may have done below it, and whatever its own
 * rules and limits restrict (`docs/language.md`, "Delegation").
 */
import type { CallerRest, Denial, LimitRow, Rest, Row } from "../remainder.ts";
import type { Request } from "../request.ts";
import type { Agent } from "../table.ts";
import { type Formula, anyOf } from "../formula/formula.ts";
import type { Frame } from "../formula/frame.ts";
import { restOfAll } from "../formula/rest.ts";
import { requesterMissing, reviewOverdue, unknownAgent } from "./denial.ts";
import { foldLimits, foldRows, restsOver } from "./fold.ts";
import { OPENING } from "./opening.ts";
import { type PreparedAction, callerPlan, openingPlan, planOf } from "./plan.ts";
import type { Plan, Policy, PreparedAgent } from "./policy.ts";
import { selectFormula } from "./selector.ts";

/** Null, or why a caller stops the request before any rule: it is unknown, or its review is overdue. */
export function callersDenial({ agents }: Policy, { callers = NOBODY, at }: Request): Denial | null {
  for (const name of callers) {
    const caller = agents.get(name);
    if (caller === undefined) return unknownAgent(name);
    if (at >= caller.agent.review_by) return reviewOverdue(caller.agent);
  }
  return null;
}

/** Null, or the first caller that works only for a person where there is none. */
export function callersRequesterDenial({ agents }: Policy, { callers = NOBODY }: Request): Denial | null {
  for (const name of callers) {
    if (agents.get(name)?.agent.requester_required === true)
      return requesterMissing(`agent \`${name}\` acts only for a person`);
  }
  return null;
}

export interface CallersPart {
  readonly callers: readonly CallerRest[];
  readonly rows: readonly Row[];
  readonly limits: readonly LimitRow[];
}

/** What every caller contributes, the root's first. Only for a request whose callers are known. */
export function foldCallers(policy: Policy, action: PreparedAction, frame: Frame): CallersPart {
  const { callers = NOBODY, agent } = frame.request;
  const parts = callers.map((name, at) => foldCaller(policy, action, frame, name, callers[at + 1] ?? agent));
  return {
    callers: parts.flatMap((part) => part.callers),
    rows: parts.flatMap((part) => part.rows),
    limits: parts.flatMap((part) => part.limits),
  };
}

/** `agent.*` in a caller's rules is the caller's. */
function foldCaller(policy: Policy, action: PreparedAction, below: Frame, name: string, next: string): CallersPart {
  const { agent, bundle } = preparedCaller(policy, name);
  const frame: Frame = { ...below, agent };
  const plan = planFor(policy, bundle, action);
  const { rows, limits } = callerPlan(plan);
  return {
    callers: [{ agent: name, granted: grantedBy(agent, next, action, frame) }],
    rows: foldRows(rows, frame, false),
    limits: foldLimits(limits, frame).map((row) => ({ ...row, agent: name })),
  };
}

function preparedCaller({ agents }: Policy, name: string): PreparedAgent {
  const caller = agents.get(name);
  if (caller === undefined) throw new Error(`the caller \`${name}\` was known a moment ago`);
  return caller;
}

function planFor(policy: Policy, bundle: PreparedAgent["bundle"], { action }: PreparedAction): Plan {
  const plan = action === OPENING ? openingPlan(policy, bundle) : planOf(policy, bundle, action.name);
  if (plan === null) throw new Error(`the action \`${action.name}\` was known a moment ago`);
  return plan;
}

/** Whoever may call an agent at all may open its session; what is done there has to be listed. */
function grantedBy({ may_call }: Agent, next: string, { action, scope }: PreparedAction, frame: Frame): Rest {
  const entries = may_call.filter((entry) => entry.agent === next);
  if (action === OPENING) return entries.length > 0;
  const selected: Formula = anyOf(entries.map(({ select }) => selectFormula(select, action, scope)));
  return restOfAll(restsOver(selected, frame));
}

const NOBODY: readonly string[] = Object.freeze([]);
