/** A role that people were asked for and gave: it is gained at once, from the vote that made the quorum. In a transaction. */
import type { StoredApproval } from "../../approvals/approval-store.ts";
import type { Offers } from "../../rpc.ts";
import { changeApproval } from "./change-approval.ts";
import { writeRole } from "./gained-roles.ts";
import type { Member } from "./member.ts";
import { note, type SessionContext } from "./session-context.ts";

/** Null while the policy of now offers what was asked for; else why it doesn't any more. */
export function lostOffer({ needs, question }: StoredApproval, offers: Offers): string | null {
  const { elevation } = question;
  if (elevation === undefined) return null;
  const offer = offers.find(({ role }) => role === elevation.role);
  if (offer === undefined) return "the policy no longer offers this role";
  const isSame = offer.duration === elevation.duration && needs.some((need) => need.approval === offer.via);
  return isSame ? null : "the policy now offers this role in another way; ask again";
}

/** Nothing where the approval isn't for a role, or isn't given yet. @returns the approval, used up */
export function gainRole(context: SessionContext, row: Member, approval: StoredApproval, now: number): StoredApproval {
  const { elevation } = approval.question;
  if (elevation === undefined || approval.state.status !== "approved") return approval;
  const { role, duration } = elevation;
  const until = Math.min(now + duration, row.expires_at);
  writeRole(context.sql, { role, approval: approval.id, gained_at: now, until });
  const gained = { kind: "elevation.gained" as const, role, approval: approval.id };
  note(context, row, { ...gained, until: new Date(until).toISOString() }, now);
  return changeApproval(context, row, approval, { kind: "use" }, now, null);
}
