/**
 * Opening a session, asked as the action `session.open`: nobody needs a grant for it, but a `never` forbids and limits
 * count it. `decide` finishes the remainder like any other.
 */
import type { Remainder, Row } from "../remainder.ts";
import type { Request } from "../request.ts";
import { frameOf } from "../formula/frame.ts";
import { callersDenial } from "./callers.ts";
import { reviewOverdue, unknownAgent } from "./denial.ts";
import { deny, leave, requesterDenial } from "./leave.ts";
import { OPENING } from "./opening.ts";
import { openingPlan } from "./plan.ts";
import type { Policy } from "./policy.ts";

/**
 * What the policy says of opening a session of `request.agent`, below `request.callers` where there are any. Of the
 * request's action, arguments, resources and tool nothing is read.
 */
export function matchOpening(policy: Policy, given: Request): Remainder {
  const request: Request = { ...given, action: OPENING.name, args: {} };
  const prepared = policy.agents.get(request.agent);
  if (prepared === undefined) return deny(policy, request, NO_NAMES, unknownAgent(request.agent));
  const { agent, bundle } = prepared;
  if (request.at >= agent.review_by) return deny(policy, request, NO_NAMES, reviewOverdue(agent));
  const denied = callersDenial(policy, request) ?? requesterDenial(policy, agent, request);
  if (denied !== null) return deny(policy, request, NO_NAMES, denied);
  const left = leave(policy, openingPlan(policy, bundle), frameOf(request, agent, 0), NO_NAMES);
  return left.denied === null ? { ...left, rows: [OPENING_GRANT, ...left.rows] } : left;
}

/** Stands for the grant that opening doesn't need. */
const OPENING_GRANT: Row = Object.freeze({
  rule: Object.freeze({
    id: OPENING.name,
    tier: "allow",
    trial: false,
    block: "",
    to: [],
    via: [],
    text: "opening a session needs no grant",
    doc: null,
  }),
  may_grant: true,
  role: null,
  grants: true,
  restricts: true,
});

const NO_NAMES: readonly string[] = Object.freeze([]);
