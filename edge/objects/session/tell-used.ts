/** Tells each agent of the tree which actions it used, now and then: it learns what is usual from that. In a transaction. */
import type { UsedActions } from "../../rpc.ts";
import { post } from "../outbox.ts";
import { readRoot } from "./member.ts";
import { untoldSince } from "./decision-store.ts";
import { noteUseTold, untoldUse, type Used } from "./outcome-store.ts";
import type { SessionContext } from "./session-context.ts";

/** Learning has time; what a breaker counts is told at once. */
const EVERY = 10 * 60_000;

/** When it is time; null: there is nothing to tell. */
export function usedDue(sql: SqlStorage): number | null {
  const since = untoldSince(sql);
  return since === null ? null : since + EVERY;
}

export function tellUsed({ sql }: SessionContext, now: number): void {
  const root = readRoot(sql);
  const due = usedDue(sql);
  if (root === null || due === null || (now < due && root.ended_as === null)) return;
  const used = untoldUse(sql);
  const seq = Math.max(...used.map((each) => each.seq));
  for (const agent of new Set(used.map((each) => each.agent))) {
    const told: UsedActions = { seq, agent, actions: used.filter((each) => each.agent === agent).map(actionOf) };
    post(sql, root, "used", JSON.stringify(told), now, `agent ${agent}`);
  }
  noteUseTold(sql, seq);
}

function actionOf({ action, hour, calls, at }: Used): UsedActions["actions"][number] {
  return { action, hour, calls, at };
}
