/** What the agent's alarm does: asks sessions about whatever hung in the air for too long. */
import type { SessionRpc, SettleOutput } from "../../rpc.ts";
import type { Clock } from "../clock.ts";
import { withDeadline } from "../deadline.ts";
import { noticeForSessions, pendingPushes } from "./notice-store.ts";
import { confirmPlace, leavePlace, oldestUnconfirmed, unconfirmedPlaces } from "./places.ts";
import { confirm, forgetSettled, oldestHeld, release, unsettled } from "./reservations.ts";
import { confirmSession, endSession, unconfirmedSessions } from "./session-list.ts";

/** Longer than any request takes; nothing is asked about before. */
const PATIENCE = 10_000;
const KEPT_FOR_REPEATS = 5 * 60_000;
const RETRY = 2_000;

type Sessions = (id: string) => SessionRpc;

/** Never throws: what can't be settled now stays as it is, and counts as spent. */
export async function upkeep(sql: SqlStorage, clock: Clock, session: Sessions): Promise<void> {
  const now = clock.now();
  forgetSettled(sql, now - KEPT_FOR_REPEATS);
  const before = now - PATIENCE;
  for (const [id, reservations] of unsettled(sql, before))
    await ask(session(id), id, reservations, (reservation, fate, at) => {
      if (fate === "confirm") confirm(sql, id, reservation, at ?? clock.now(), clock.now());
      if (fate === "release") release(sql, id, reservation);
    });
  for (const [id, approvals] of unconfirmedPlaces(sql, before))
    await ask(session(id), id, approvals, (approval, fate) => {
      if (fate === "confirm") confirmPlace(sql, approval);
      if (fate === "release") leavePlace(sql, approval);
    });
  for (const id of unconfirmedSessions(sql, before)) await lookFor(sql, clock, id, session(id));
}

async function ask(
  session: SessionRpc,
  id: string,
  reservations: readonly string[],
  apply: (reservation: string, fate: SettleOutput["fates"][number], at: number | null) => void,
): Promise<void> {
  try {
    const output = await withDeadline(session.settle({ reservations }), PATIENCE);
    for (const [index, reservation] of reservations.entries())
      apply(reservation, output.fates[index] ?? "open", output.at[index] ?? null);
  } catch (cause) {
    console.warn("a session can't be asked what became of it", { session: id, cause: String(cause) });
  }
}

/** Did the opening go through? A session that isn't there frees its place among the open ones. */
async function lookFor(sql: SqlStorage, clock: Clock, id: string, session: SessionRpc): Promise<void> {
  try {
    const output = await withDeadline(session.learnSwitches(noticeForSessions(sql)), PATIENCE);
    if (output.live) confirmSession(sql, id);
    else endSession(sql, id, clock.now());
  } catch (cause) {
    console.warn("a session can't be looked for", { session: id, cause: String(cause) });
  }
}

/** When the alarm is to ring next; null: nothing hangs in the air. */
export function nextUpkeep(sql: SqlStorage, now: number): number | null {
  const held = oldestHeld(sql);
  const place = oldestUnconfirmed(sql);
  const session = sql
    .exec<{ at: number | null }>("SELECT min(opened_at) AS at FROM sessions WHERE confirmed = 0 AND ended_at IS NULL")
    .one().at;
  const waiting = [held, place, session].filter((at) => at !== null).map((at) => at + PATIENCE + 1);
  const times = pendingPushes(sql, 1).length > 0 ? [...waiting, now + RETRY] : waiting;
  return times.length === 0 ? null : Math.max(now + RETRY, Math.min(...times));
}
