/**
 * Step 5: what the engine says of a request in the state of now, and what that means for approvals. Reads only, so that
 * step 7 can ask again; whatever is to change comes back as data.
 */
import { createHmac } from "node:crypto";
import { decide, withoutRoles } from "../../../engine/index.ts";
import type { Decision, Reason } from "../../../engine/index.ts";
import { type ApprovalStep, isLive, stepApproval } from "../../approvals/approval.ts";
import { approvalsOf, readApproval, readVotes, type StoredApproval } from "../../approvals/approval-store.ts";
import { weighVotes } from "../../approvals/weigh-votes.ts";
import { canonicalText } from "../../canonical-text.ts";
import type { AuthorizeInput } from "../../rpc.ts";
import { rolesAmong } from "../../switches/switch-reach.ts";
import { isRoomToAsk, SESSION_BACKLOG } from "./backlog.ts";
import { type SharedUsage, stateOf } from "./engine-state.ts";
import type { SessionContext } from "./session-context.ts";
import { isLifetimeOver, LIFETIME_OVER } from "./guard.ts";
import { isRoot, type Member, readTree } from "./member.ts";
import { readStops } from "./switch-store.ts";

export interface Change {
  readonly approval: StoredApproval;
  readonly step: ApprovalStep;
}

export type Verdict =
  | { readonly kind: "allow"; readonly decision: Decision; readonly changes: readonly Change[] }
  | {
      readonly kind: "ask";
      readonly decision: Decision;
      /** The one that is asked already; null: a new one. */
      readonly approval: StoredApproval | null;
      readonly changes: readonly Change[];
    }
  | {
      readonly kind: "deny";
      readonly decision: Decision;
      /** Set where an approval and not a rule is the reason. */
      readonly instead: { readonly reason: Reason; readonly message: string } | null;
      readonly approval: StoredApproval | null;
    };

export interface Case {
  readonly context: SessionContext;
  readonly row: Member;
  readonly input: AuthorizeInput;
  readonly now: number;
  readonly shared: SharedUsage;
}

export function judge(of: Case): Verdict {
  const verdict = judgeInTime(of);
  if (verdict.kind === "deny" || isRedeeming(verdict) || !isLifetimeOver(of.context, of.row, of.now)) return verdict;
  return deny(verdict.decision, null, "session_expired", LIFETIME_OVER);
}

/** Does it use an approval that people gave, or wait on for one, and nothing else? */
function isRedeeming(verdict: Exclude<Verdict, { kind: "deny" }>): boolean {
  if (verdict.kind === "ask")
    return verdict.approval !== null && verdict.changes.every(({ step }) => step.kind === "lose_standing");
  return verdict.changes.some(({ step }) => step.kind === "use");
}

function judgeInTime(of: Case): Verdict {
  const bare = decideWith(of, []);
  if (bare.decision === "deny" && of.input.approval === null)
    return { kind: "deny", decision: bare, instead: null, approval: null };
  const shown = of.input.approval === null ? null : shownApproval(of, of.input.approval);
  if (shown !== null && shown.fault !== null)
    return { kind: "deny", decision: bare, instead: shown.fault, approval: shown.approval };
  const approval = shown?.approval ?? null;
  if (bare.decision === "deny") return { kind: "deny", decision: bare, instead: null, approval };
  if (bare.decision === "allow") return { kind: "allow", decision: bare, changes: unneeded(approval) };
  return approval === null ? question(of, bare, []) : redeem(of, bare, approval);
}

/** With a role killed whatever else grants decides, and is named; what is denied anyway is denied for its own reason. */
function decideWith({ context, row, input, now, shared }: Case, approved: readonly string[]): Decision {
  const state = stateOf(context, row, now, shared, approved);
  const whole = decide(input.remainder, state);
  const roles = rolesAmong(readStops(context.sql, row));
  if (roles.length === 0 || whole.decision === "deny") return whole;
  return decide(withoutRoles(input.remainder, roles), state);
}

/** What the request is good for: an approval of it serves no other. A MAC: arguments that are withheld could be tried out. */
export function subjectOf({ key }: SessionContext, row: Member, input: AuthorizeInput): string {
  const what = [input.agent, input.remainder.action, input.remainder.resources, input.args_sha256];
  const bound = isRoot(row) ? what : [...what, row.session];
  return createHmac("sha256", key).update(canonicalText(bound)).digest("hex");
}

type Shown =
  | { readonly approval: StoredApproval; readonly fault: null }
  | { readonly approval: StoredApproval | null; readonly fault: { readonly reason: Reason; readonly message: string } };

/** The approval that the request names, if it is one of this very request and still leads somewhere. */
function shownApproval(of: Case, id: string): Shown {
  const stored = readApproval(of.context.sql, id);
  if (stored === null || stored.subject !== subjectOf(of.context, of.row, of.input))
    return fault(null, "approval_mismatch", "the approval is not one of this request; ask without it for one that is");
  const state = stepApproval(stored.state, { kind: "pass", at: of.now });
  const approval = { ...stored, state };
  switch (state.status) {
    case "used":
      return fault(approval, "approval_used", "the approval was used already; ask again without it");
    case "denied":
      return fault(approval, "approval_denied", deniedMessage(state.reason));
    case "expired":
      return fault(approval, "approval_expired", "the approval has expired; ask again without it");
    case "cancelled":
      return fault(approval, "approval_expired", `the approval was cancelled: ${state.reason}; ask again without it`);
    default:
      return { approval, fault: null };
  }
}

function fault(approval: StoredApproval | null, reason: Reason, message: string): Shown {
  return { approval, fault: { reason, message } };
}

function deniedMessage(reason: string | null): string {
  return reason === null ? "a person denied this request" : `a person denied this request: ${reason}`;
}

/** It would be wrong to leave it open: it was given for an action that is happening now. */
function unneeded(approval: StoredApproval | null): readonly Change[] {
  if (approval === null) return [];
  if (approval.state.status === "approved") return [{ approval, step: { kind: "use" } }];
  return [{ approval, step: { kind: "cancel", reason: "the request no longer needs it" } }];
}

/** A request that names a live approval of its own, and needs one. */
function redeem(of: Case, bare: Decision, approval: StoredApproval): Verdict {
  const asked = approval.needs.map((need) => need.approval);
  if (bare.approvals.some((name) => !asked.includes(name)))
    return question(of, bare, [{ approval, step: { kind: "cancel", reason: "the policy now asks for more" } }]);
  if (approval.state.status === "pending") return { kind: "ask", decision: bare, approval, changes: [] };
  if (!isGiven(of, bare.approvals, approval))
    return { kind: "ask", decision: bare, approval, changes: [{ approval, step: { kind: "lose_standing" } }] };
  const decision = decideWith(of, bare.approvals);
  if (decision.decision !== "allow") return { kind: "deny", decision, instead: null, approval };
  return { kind: "allow", decision, changes: [{ approval, step: { kind: "use" } }] };
}

function isGiven(of: Case, names: readonly string[], approval: StoredApproval): boolean {
  const voters = readVotes(of.context.sql, approval.id)
    .filter((vote) => vote.decision === "approve")
    .map((vote) => vote.voter);
  const policy = { approvals: of.input.remainder.approvals, groups: of.input.groups };
  const interests = {
    requester: of.row.requester,
    requester_person: of.row.requester_person,
    owners: of.input.describe.owners ?? [of.input.describe.owner],
  };
  return weighVotes(names, voters, policy, interests).met;
}

/** A question to people: the one that is open already, or a new one if there is room for it. */
function question(of: Case, decision: Decision, changes: readonly Change[]): Verdict {
  const cancelled = new Set(changes.map((change) => change.approval.id));
  const earlier = approvalsOf(of.context.sql, subjectOf(of.context, of.row, of.input)).filter(
    (each) => !cancelled.has(each.id),
  );
  const refusal = earlier.find((each) => each.state.status === "denied");
  if (refusal !== undefined) return deny(decision, refusal, "approval_denied", deniedMessage(refusal.state.reason));
  const elsewhere = deniedElsewhere(of);
  if (elsewhere !== null) return deny(decision, null, "approval_denied", deniedMessage(elsewhere.state.reason));
  const open = earlier.find((each) => isLive(stepApproval(each.state, { kind: "pass", at: of.now })));
  if (open !== undefined) return again(of, decision, open, changes);
  if (!of.input.reviewable)
    return deny(decision, null, "too_large_to_review", "the arguments are too large for a person to review");
  if (!isRoomToAsk(of.context.sql, of.now, cancelled)) return deny(decision, null, "approval_backlog", SESSION_BACKLOG);
  return { kind: "ask", decision, approval: null, changes };
}

/** The same agent asked for the same in another session of the tree: with a new ticket it could ask until somebody tires. */
function deniedElsewhere({ context, row, input }: Case): StoredApproval | null {
  const others = readTree(context.sql).filter(({ agent, session }) => agent === row.agent && session !== row.session);
  const asked = others.flatMap((other) => approvalsOf(context.sql, subjectOf(context, other, input)));
  return asked.find(({ state }) => state.status === "denied") ?? null;
}

function again(of: Case, decision: Decision, open: StoredApproval, changes: readonly Change[]): Verdict {
  const asked = open.needs.map((need) => need.approval);
  if (decision.approvals.every((name) => asked.includes(name)))
    return { kind: "ask", decision, approval: open, changes };
  const more: Change = { approval: open, step: { kind: "cancel", reason: "the policy now asks for more" } };
  return question(of, decision, [...changes, more]);
}

function deny(decision: Decision, approval: StoredApproval | null, reason: Reason, message: string): Verdict {
  return { kind: "deny", decision, instead: { reason, message }, approval };
}
