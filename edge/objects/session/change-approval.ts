/** One step of an approval, written down with its record and with what others must be told. In a transaction. */
import { type ApprovalStep, stepApproval } from "../../approvals/approval.ts";
import { type NeedView, type StoredApproval, liveApprovals, updateApproval } from "../../approvals/approval-store.ts";
import type { ApprovalEvent } from "../../records/record.ts";
import type { SwitchRef } from "../../rpc.ts";
import { killedMessage, stoppingQuestion } from "../../switches/switch-reach.ts";
import { post } from "../outbox.ts";
import { note, type SessionContext } from "./session-context.ts";
import { noteActivity, type SessionRow } from "./session-row.ts";

/** @param event what to record when the step changed something; null: the caller records it */
export function changeApproval(
  context: SessionContext,
  row: SessionRow,
  approval: StoredApproval,
  step: ApprovalStep,
  now: number,
  event: ApprovalEvent | null,
  needs: readonly NeedView[] = approval.needs,
): StoredApproval {
  const state = stepApproval(approval.state, step);
  const after = { ...approval, state, needs };
  if (state === approval.state && needs === approval.needs) return approval;
  updateApproval(context.sql, approval.id, state, needs);
  if (state !== approval.state && event !== null) note(context, row, event, now);
  if (approval.state.status === "pending" && state.status !== "pending")
    post(context.sql, "resolved", approval.id, now);
  if (approval.state.status !== "pending" && state.status === "pending")
    post(context.sql, "reopened", approval.id, now);
  if (row.ended_as === null && state.status !== approval.state.status) noteActivity(context.sql, now);
  context.approvalChanged(approval.id);
  return after;
}

/** Those whose time has come. */
export function expireApprovals(context: SessionContext, row: SessionRow, now: number): void {
  for (const approval of liveApprovals(context.sql))
    changeApproval(context, row, approval, { kind: "pass", at: now }, now, {
      kind: "approval.expired",
      approval: approval.id,
    });
}

/** @param which only these; approvals that people gave outlive a freeze, those that nobody decided don't */
export function cancelApprovals(
  context: SessionContext,
  row: SessionRow,
  which: "pending" | "live",
  reason: string,
  now: number,
): void {
  for (const approval of liveApprovals(context.sql)) {
    if (which === "pending" && approval.state.status !== "pending") continue;
    changeApproval(context, row, approval, { kind: "cancel", reason }, now, {
      kind: "approval.cancelled",
      approval: approval.id,
      reason,
    });
  }
}

/** Questions that are pending for what a role's, an action's or a class's switch stops. */
export function cancelStopped(
  context: SessionContext,
  row: SessionRow,
  switches: readonly SwitchRef[],
  now: number,
): void {
  for (const approval of liveApprovals(context.sql)) {
    const stopping = stoppingQuestion(switches, approval.question);
    if (approval.state.status !== "pending" || stopping.length === 0) continue;
    const reason = killedMessage(stopping, row.agent);
    changeApproval(context, row, approval, { kind: "cancel", reason }, now, {
      kind: "approval.cancelled",
      approval: approval.id,
      reason,
    });
  }
}
