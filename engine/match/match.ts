/**
 * `match` decides whatever the request, the agent, the clock and the table decide, and leaves the rest to the session
 * that carries on. No clock, no I/O: the same request at the same `at` always leaves the same.
 */
import type { Request } from "../request.ts";
import type { Denial, Fault, Remainder } from "../remainder.ts";
import { readArgs } from "../arguments/read-args.ts";
import { type Frame, frameOf } from "../formula/frame.ts";
import { canaryDenial } from "./canary-denial.ts";
import { callersDenial } from "./callers.ts";
import {
  invalidArgument,
  resourceMismatch,
  reviewOverdue,
  toolChanged,
  unknownAction,
  unknownAgent,
} from "./denial.ts";
import { deny, hasCallers, leave, requesterDenial } from "./leave.ts";
import { type PreparedAction, planOf } from "./plan.ts";
import type { Policy } from "./policy.ts";
import { computeResources, differ } from "./resources.ts";

/**
 * The request's rows, limits and labels, folded as far as they go; or why it is denied before any rule. In this order:
 * unknown agent, overdue review, both for each caller from the root down; unknown action, changed tool, invalid
 * arguments, a canary, other resources than stated, a missing requester, for the agent and then its callers.
 */
export function match(policy: Policy, request: Request): Remainder {
  const prepared = policy.agents.get(request.agent);
  if (prepared === undefined) return deny(policy, request, NO_NAMES, unknownAgent(request.agent));
  const { agent, bundle } = prepared;
  if (request.at >= agent.review_by) return deny(policy, request, NO_NAMES, reviewOverdue(agent));
  const above = hasCallers(request) ? callersDenial(policy, request) : null;
  if (above !== null) return deny(policy, request, NO_NAMES, above);
  const plan = planOf(policy, bundle, request.action);
  if (plan === null) return deny(policy, request, NO_NAMES, unknownAction(request));
  const changed = toolDenial(plan.action, request);
  if (changed !== null) return deny(policy, request, NO_NAMES, changed);
  const frame = frameOf(request, agent, plan.action.args.members.length);
  const faults = readRequest(plan.action, frame);
  if (faults.length > 0) return deny(policy, request, NO_NAMES, invalidArgument(request, faults));
  const names = namesOf(frame);
  const carried = policy.canaries.size === 0 ? null : canaryDenial(policy.canaries, request);
  if (carried !== null) return deny(policy, request, names, carried);
  if (request.resources !== undefined && differ(request.resources, names)) {
    return deny(policy, request, names, resourceMismatch(names));
  }
  const unnamed = requesterDenial(policy, agent, request);
  if (unnamed !== null) return deny(policy, request, names, unnamed);
  return leave(policy, plan, frame, names);
}

/** Checks the arguments, puts them into the frame, and the resources that they name. */
export function readRequest({ args, templates }: PreparedAction, frame: Frame): readonly Fault[] {
  const faults = readArgs(args, frame.request.args, frame.values);
  return faults.length > 0 ? faults : computeResources(templates, frame);
}

/** Only where somebody looked: an agent that asks by itself can't know how its tool is described now. */
function toolDenial({ tool }: PreparedAction, request: Request): Denial | null {
  if (tool === null || request.tool_sha256 === undefined || request.tool_sha256 === tool) return null;
  return toolChanged(request);
}

function namesOf({ resource, several }: Frame): readonly string[] {
  return several ?? (resource === null ? NO_NAMES : [resource]);
}

const NO_NAMES: readonly string[] = Object.freeze([]);
