/**
 * How many questions of a tree people may have before them at once. One that is withdrawn counts for a while longer: they
 * were told of it, and asking and withdrawing again and again would bury them as well.
 */
import { liveApprovals, type StoredApproval, withdrawnSince } from "../../approvals/approval-store.ts";

/** More questions at once would bury the people who answer. */
const MAX_PENDING = 3;
const COUNTS_ON = 60_000;

export const SESSION_BACKLOG = `${MAX_PENDING} approvals of this session wait already, or were withdrawn within the last minute; wait for them`;
/** Its object found no place for one more (`agent/places.ts`). */
export const AGENT_BACKLOG = "too many approvals of this agent wait already; wait for them";

/** @param without those that are about to be cancelled */
export function isRoomToAsk(sql: SqlStorage, now: number, without: ReadonlySet<string>): boolean {
  const waits = ({ id, state }: StoredApproval): boolean =>
    state.status === "pending" && state.decide_by > now && !without.has(id);
  return liveApprovals(sql).filter(waits).length + withdrawnSince(sql, now - COUNTS_ON) < MAX_PENDING;
}
