/** Tells live sessions of the agent's switches, batch by batch, until each has confirmed. */
import type { LearnOutput, SessionRpc } from "../../rpc.ts";
import type { Clock } from "../clock.ts";
import { DeadlinePassed, withDeadline } from "../../deadline.ts";
import { noticeForSession, pendingPushes, pushed } from "./notice-store.ts";
import { endSession } from "./session-list.ts";

const BATCH = 50;
/** Time for one call of this kind; whoever isn't reached by then is tried again from the alarm. */
const BUDGET = 1_500;

/** Never throws. @returns whether anybody was reached */
export async function pushSwitches(
  sql: SqlStorage,
  clock: Clock,
  session: (id: string) => SessionRpc,
): Promise<boolean> {
  const started = Date.now();
  let reached = false;
  for (;;) {
    const batch = pendingPushes(sql, BATCH);
    const left = BUDGET - (Date.now() - started);
    if (batch.length === 0 || left <= 0) return reached;
    const outcomes = await Promise.all(batch.map((id) => pushOne(sql, clock, id, session(id), left)));
    if (!outcomes.includes(true)) return reached;
    reached = true;
  }
}

async function pushOne(
  sql: SqlStorage,
  clock: Clock,
  id: string,
  session: SessionRpc,
  patience: number,
): Promise<boolean> {
  const notice = noticeForSession(sql, id);
  let output: LearnOutput;
  try {
    output = await withDeadline(session.learnSwitches(notice), patience);
  } catch (cause) {
    if (!(cause instanceof DeadlinePassed))
      console.warn("a session can't be told", { session: id, cause: String(cause) });
    return false;
  }
  if (output.live) pushed(sql, id, notice.epoch);
  else endSession(sql, id, clock.now());
  return true;
}
