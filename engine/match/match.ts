/**
 * `match` decides whatever the request, the agent, the clock and the table decide, and leaves the rest to the session
 * that carries on. No clock, no I/O: the same request at the same `at` always leaves the same.
 */
import type { Request } from "../request.ts";
import type { Denial, Fault, LabelRow, LimitRow, Remainder, Row } from "../remainder.ts";
import { readArgs } from "../arguments/read-args.ts";
import { type Frame, frameOf } from "../formula/frame.ts";
import {
  invalidArgument,
  requesterMissing,
  resourceMismatch,
  reviewOverdue,
  unknownAction,
  unknownAgent,
} from "./denial.ts";
import { approvalsOf, foldLabels, foldLimits, foldRows } from "./fold.ts";
import { NO_APPROVALS, type PreparedAction, planOf } from "./plan.ts";
import type { Plan, Policy } from "./policy.ts";
import { computeResources, differ } from "./resources.ts";

/**
 * The request's rows, limits and labels, folded as far as they go; or why it is denied before any rule: unknown agent,
 * overdue review, unknown action, invalid arguments, other resources than stated, a missing requester, in this order.
 */
export function match(policy: Policy, request: Request): Remainder {
  const prepared = policy.agents.get(request.agent);
  if (prepared === undefined) return deny(policy, request, NO_NAMES, unknownAgent(request));
  const { agent, bundle } = prepared;
  if (request.at >= agent.review_by) return deny(policy, request, NO_NAMES, reviewOverdue(agent));
  const plan = planOf(policy, bundle, request.action);
  if (plan === null) return deny(policy, request, NO_NAMES, unknownAction(request));
  const frame = frameOf(request, agent, plan.action.args.members.length);
  const faults = readRequest(plan.action, frame);
  if (faults.length > 0) return deny(policy, request, NO_NAMES, invalidArgument(request, faults));
  const names = namesOf(frame);
  if (request.resources !== undefined && differ(request.resources, names)) {
    return deny(policy, request, names, resourceMismatch(names));
  }
  if (agent.requester_required && request.requester === undefined) {
    return deny(policy, request, names, requesterMissing(`agent \`${agent.name}\` acts only for a person`));
  }
  return leave(policy, plan, frame, names);
}

/** Checks the arguments, puts them into the frame, and the resources that they name. */
export function readRequest({ args, templates }: PreparedAction, frame: Frame): readonly Fault[] {
  const faults = readArgs(args, frame.request.args, frame.values);
  return faults.length > 0 ? faults : computeResources(templates, frame);
}

function leave(policy: Policy, plan: Plan, frame: Frame, names: readonly string[]): Remainder {
  const { request } = frame;
  const rows = foldRows(plan.rows, frame);
  const limits = plan.limits.length === 0 ? NO_LIMITS : foldLimits(plan.limits, frame);
  if (limits.length > 0 && request.requester === undefined && limits.some(countsPersons)) {
    return deny(policy, request, names, requesterMissing("a limit counts for each person"));
  }
  return {
    policy: policy.table.hash,
    agent: request.agent,
    action: request.action,
    resources: names,
    denied: null,
    rows,
    limits,
    yields: plan.action.fixedYields ?? foldLabels(plan.action.yields, frame),
    clears: plan.action.action.clears,
    callers: NO_CALLERS,
    approvals: plan.mayAsk ? approvalsOf(rows, limits, policy.approvals) : NO_APPROVALS,
  };
}

function countsPersons({ per, trial }: LimitRow): boolean {
  return per === "requester" && !trial;
}

function deny(policy: Policy, request: Request, resources: readonly string[], denied: Denial): Remainder {
  return {
    policy: policy.table.hash,
    agent: request.agent,
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

function namesOf({ resource, several }: Frame): readonly string[] {
  return several ?? (resource === null ? NO_NAMES : [resource]);
}

const NO_NAMES: readonly string[] = Object.freeze([]);
const NO_CALLERS: Remainder["callers"] = Object.freeze([]);
const NO_ROWS: readonly Row[] = Object.freeze([]);
const NO_LIMITS: readonly LimitRow[] = Object.freeze([]);
const NO_LABELS: readonly LabelRow[] = Object.freeze([]);
