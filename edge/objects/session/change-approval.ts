/** One step of an approval, written down with its record and with what others must be told. In a transaction. */
import { type ApprovalStep, stepApproval } from "../../approvals/approval.ts";
import { type StoredApproval, liveApprovals, updateApproval } from "../../approvals/approval-store.ts";
import { assertNever } from "../../assert-never.ts";
import type { ApprovalEvent } from "../../records/record.ts";
import type { SwitchRef } from "../../rpc.ts";
import { killedMessage, stoppingQuestion } from "../../switches/switch-reach.ts";
import { post } from "../outbox.ts";
import { note, type SessionContext } from "./session-context.ts";
import { isWithin, type Member, noteActivity, readRoot, requireMember } from "./member.ts";

/** The session that asked, and that alone may use it. */
export function askerOf({ sql }: SessionContext, { question }: StoredApproval): Member {
  const root = question.session === undefined ? readRoot(sql) : null;
  return root ?? requireMember(sql, question.session ?? "");
}

/**
 * Recorded, unless its caller has more to say of it: a vote, a use. A step that doesn't apply changes nothing.
 * @param row the session that asked
 */
export function changeApproval(
  context: SessionContext,
  row: Member,
  approval: StoredApproval,
  step: ApprovalStep,
  now: number,
): StoredApproval {
  const state = stepApproval(approval.state, step);
  if (state === approval.state) return approval;
  updateApproval(context.sql, approval.id, state, approval.needs);
  const event = eventOf(approval.id, step);
  if (event !== null) note(context, row, event, now);
  if (approval.state.status === "pending") post(context.sql, row, "resolved", approval.id, now);
  if (state.status === "pending") post(context.sql, row, "reopened", approval.id, now);
  if (row.ended_as === null) noteActivity(context.sql, row, now);
  context.approvalChanged(approval.id);
  return { ...approval, state };
}

function eventOf(approval: string, step: ApprovalStep): ApprovalEvent | null {
  switch (step.kind) {
    case "lose_standing":
      return { kind: "approval.reopened", approval };
    case "cancel":
      return { kind: "approval.cancelled", approval, reason: step.reason };
    case "pass":
      return { kind: "approval.expired", approval };
    case "quorum":
    case "deny":
    case "use":
      return null;
    default:
      return assertNever(step);
  }
}

/** How many of the votes needed were given; whoever waits for the approval sees it. */
export function changeNeeds(
  context: SessionContext,
  approval: StoredApproval,
  needs: StoredApproval["needs"],
): StoredApproval {
  updateApproval(context.sql, approval.id, approval.state, needs);
  context.approvalChanged(approval.id);
  return { ...approval, needs };
}

/** Those of the whole tree whose time has come. */
export function expireApprovals(context: SessionContext, now: number): void {
  for (const approval of liveApprovals(context.sql))
    changeApproval(context, askerOf(context, approval), approval, { kind: "pass", at: now }, now);
}

/** Those that this session or one below it asked for and that can still lead to something. */
export function liveWithin(context: SessionContext, session: string): readonly StoredApproval[] {
  return liveApprovals(context.sql).filter((approval) => isWithin(askerOf(context, approval), session));
}

/** Of one session. @param which only these; approvals that people gave outlive a freeze, those that nobody decided don't */
export function cancelApprovals(
  context: SessionContext,
  row: Member,
  which: "pending" | "live",
  reason: string,
  now: number,
): void {
  for (const approval of liveOf(context, row)) {
    if (which === "pending" && approval.state.status !== "pending") continue;
    changeApproval(context, row, approval, { kind: "cancel", reason }, now);
  }
}

/** Questions that are pending for what a role's, an action's or a class's switch stops. */
export function cancelStopped(context: SessionContext, row: Member, switches: readonly SwitchRef[], now: number): void {
  for (const approval of liveOf(context, row)) {
    const stopping = stoppingQuestion(switches, approval.question);
    if (approval.state.status !== "pending" || stopping.length === 0) continue;
    const reason = killedMessage(stopping, row.agent);
    changeApproval(context, row, approval, { kind: "cancel", reason }, now);
  }
}

function liveOf({ sql }: SessionContext, { session, root }: Member): readonly StoredApproval[] {
  return liveApprovals(sql).filter(({ question }) => (question.session ?? root) === session);
}
