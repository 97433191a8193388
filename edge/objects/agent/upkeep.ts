/** What the agent's alarm does: asks sessions about whatever hung in the air for too long. */
import { askFates, nextSettling, SETTLE_AFTER, settleHeld } from "../../limits/settle-held.ts";
import type { SessionRpc } from "../../rpc.ts";
import type { Clock } from "../clock.ts";
import { withDeadline } from "../../deadline.ts";
import { noticeForSession, pendingPushes } from "./notice-store.ts";
import { confirmPlace, leavePlace, oldestUnconfirmed, unconfirmedPlaces } from "./places.ts";
import { confirmSession, endSession, unconfirmedSessions } from "./session-list.ts";

const RETRY = 2_000;

type Sessions = (id: string) => SessionRpc;

/** Never throws: what can't be settled now stays as it is, and counts as spent. */
export async function upkeep(sql: SqlStorage, clock: Clock, session: Sessions): Promise<void> {
  await settleHeld(sql, () => clock.now(), session);
  const before = clock.now() - SETTLE_AFTER;
  for (const [id, approvals] of unconfirmedPlaces(sql, before))
    await askFates(session(id), id, approvals, (approval, fate) => {
      if (fate === "confirm") confirmPlace(sql, approval);
      if (fate === "release") leavePlace(sql, approval);
    });
  for (const id of unconfirmedSessions(sql, before)) await lookFor(sql, clock, id, session(id));
}

/** Did the opening go through? A session that isn't there frees its place among the open ones. */
async function lookFor(sql: SqlStorage, clock: Clock, id: string, session: SessionRpc): Promise<void> {
  try {
    const output = await withDeadline(session.learnSwitches(noticeForSession(sql, id)), SETTLE_AFTER);
    if (output.live) confirmSession(sql, id);
    else endSession(sql, id, clock.now());
  } catch (cause) {
    console.warn("a session can't be looked for", { session: id, cause: String(cause) });
  }
}

/** When the alarm is to ring next; null: nothing hangs in the air. */
export function nextUpkeep(sql: SqlStorage, now: number): number | null {
  const place = oldestUnconfirmed(sql);
  const session = sql
    .exec<{ at: number | null }>("SELECT min(opened_at) AS at FROM sessions WHERE confirmed = 0 AND ended_at IS NULL")
    .one().at;
  const unsure = [place, session].map((at) => (at === null ? null : at + SETTLE_AFTER + 1));
  const waiting = [nextSettling(sql), ...unsure].filter((at) => at !== null);
  const times = pendingPushes(sql, 1).length > 0 ? [...waiting, now + RETRY] : waiting;
  return times.length === 0 ? null : Math.max(now + RETRY, Math.min(...times));
}
