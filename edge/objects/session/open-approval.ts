/** A new question to people: stored, recorded, and told to those who count them. In a transaction. */
import { insertApproval, type StoredApproval } from "../../approvals/approval-store.ts";
import { post } from "../outbox.ts";
import type { Member } from "./member.ts";
import { note, type SessionContext } from "./session-context.ts";

/** @param row the session that asks */
export function openApproval(context: SessionContext, row: Member, approval: StoredApproval, now: number): void {
  insertApproval(context.sql, approval);
  post(context.sql, row, "asked", approval.id, now);
  const event = {
    kind: "approval.asked" as const,
    approval: approval.id,
    needs: approval.needs.map((need) => need.approval),
    request_digest: approval.question.request_digest,
    expires_at: new Date(approval.state.decide_by).toISOString(),
  };
  note(context, row, event, now);
}
