/** The end of every match: what is left for the session, or a denial that leaves nothing. */
import type { Agent } from "../table.ts";
import type { Request } from "../request.ts";
import type { Denial, LabelRow, LimitRow, Remainder, Row } from "../remainder.ts";
import type { Frame } from "../formula/frame.ts";
import { callersRequesterDenial, foldCallers } from "./callers.ts";
import { requesterMissing } from "./denial.ts";
import { approvalsOf, foldLabels, foldLimits, foldRows } from "./fold.ts";
import { NO_APPROVALS } from "./plan.ts";
import type { Plan, Policy } from "./policy.ts";

/** The rows, limits and labels of the agent, and what its callers add, folded as far as they go. */
export function leave(policy: Policy, plan: Plan, frame: Frame, names: readonly string[]): Remainder {
  const { request } = frame;
  const ownRows = foldRows(plan.rows, frame, plan.severalGrant);
  const ownLimits = plan.limits.length === 0 ? NO_LIMITS : foldLimits(plan.limits, frame);
  const above = hasCallers(request) ? foldCallers(policy, plan.action, frame) : null;
  const rows = above === null ? ownRows : [...ownRows, ...above.rows];
  const limits = above === null ? ownLimits : [...ownLimits, ...above.limits];
  return {
    policy: policy.table.hash,
    agent: request.agent,
    requester: request.requester === undefined ? null : request.requester.id,
    action: request.action,
    resources: names,
    denied: null,
    rows,
    limits,
    yields: plan.action.fixedYields ?? foldLabels(plan.action.yields, frame),
    clears: plan.action.action.clears,
    callers: above === null ? NO_CALLERS : above.callers,
    approvals: plan.mayAsk || above !== null ? approvalsOf(rows, limits, policy.approvals) : NO_APPROVALS,
  };
}

export function hasCallers({ callers }: Request): boolean {
  return callers !== undefined && callers.length > 0;
}

/** Null, or which agent of the chain works only for a person where there is none. */
export function requesterDenial(policy: Policy, agent: Agent, request: Request): Denial | null {
  if (request.requester !== undefined) return null;
  if (agent.requester_required) return requesterMissing(`agent \`${agent.name}\` acts only for a person`);
  return hasCallers(request) ? callersRequesterDenial(policy, request) : null;
}

/** Denied before any rule. */
export function deny(policy: Policy, request: Request, resources: readonly string[], denied: Denial): Remainder {
  return {
    policy: policy.table.hash,
    agent: request.agent,
    requester: request.requester?.id ?? null,
    action: request.action,
    resources,
    denied,
    rows: NO_ROWS,
    limits: NO_LIMITS,
    yields: NO_LABELS,
    clears: NO_NAMES,
    callers: NO_CALLERS,
    approvals: NO_APPROVALS,
  };
}

const NO_NAMES: readonly string[] = Object.freeze([]);
const NO_CALLERS: Remainder["callers"] = Object.freeze([]);
const NO_ROWS: readonly Row[] = Object.freeze([]);
const NO_LIMITS: readonly LimitRow[] = Object.freeze([]);
const NO_LABELS: readonly LabelRow[] = Object.freeze([]);
