/** A role that people were asked for and gave: it is gained at once, from the vote that made the quorum. In a transaction. */
import type { StoredApproval } from "../../approvals/approval-store.ts";
import type { Offer, OffersNow } from "../../rpc.ts";
import { changeApproval } from "./change-approval.ts";
import { writeRole } from "./gained-roles.ts";
import type { Member } from "./member.ts";
import { note, type SessionContext } from "./session-context.ts";

/** Null while the policy of now offers what was asked for; else why it doesn't any more. */
export function lostOffer(approval: StoredApproval, offers: OffersNow): string | null {
  const { elevation } = approval.question;
  if (elevation === undefined) return null;
  const offer = offers.find(({ role }) => role === elevation.role);
  if (offer === undefined) return "the policy no longer offers this role";
  return isSameOffer(approval, offer) ? null : "the policy now offers this role in another way; ask again";
}

/** Is it for as long, by the same people, and with the rules and limits that they are shown? */
export function isSameOffer(
  { needs, question }: StoredApproval,
  { duration, terms, via }: Pick<Offer, "duration" | "terms"> & { readonly via: string },
): boolean {
  const { elevation } = question;
  const isAsShown = elevation?.duration === duration && elevation.terms === terms;
  return isAsShown && needs.some((need) => need.approval === via);
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
  return changeApproval(context, row, approval, { kind: "use" }, now);
}
