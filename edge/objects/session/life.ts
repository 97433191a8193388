/** How a session begins and ends. All of it runs inside a transaction. */
import { deadlineOf } from "../../approvals/approval.ts";
import { liveApprovals } from "../../approvals/approval-store.ts";
import type { OpenInput, SwitchNotice, SwitchRef } from "../../rpc.ts";
import { nextDue, post } from "../outbox.ts";
import { cancelApprovals, cancelStopped, expireApprovals } from "./change-approval.ts";
import { idleEnd } from "./guard.ts";
import { note, type SessionContext } from "./session-context.ts";
import {
  changeLabels,
  insertSession,
  noteEnd,
  noteErased,
  readSession,
  type SessionFacts,
  type SessionRow,
} from "./session-row.ts";
import { FLOOD_AUTHOR, freezeItself, readHold, readStops, storeNotice } from "./switch-store.ts";

/** No session lives longer, whatever a policy says. */
const MAX_LIFETIME = 24 * 60 * 60 * 1_000;

export function lifetimeEnd(input: OpenInput, now: number): number {
  return now + Math.min(input.lifetime, MAX_LIFETIME);
}

export function beginSession(context: SessionContext, input: OpenInput, now: number): SessionRow {
  const { session, agent, environment, requester, requester_person, task, lease, retain } = input;
  const expires_at = lifetimeEnd(input, now);
  const facts: SessionFacts = {
    session,
    agent,
    environment,
    requester,
    requester_person,
    task,
    opened_at: now,
    expires_at,
    lease,
    retain,
  };
  insertSession(context.sql, facts, input);
  changeLabels(context.sql, input.starts_with, []);
  const row = readSession(context.sql);
  if (row === null) throw new Error("the session that was just written isn't there");
  const opened = {
    kind: "session.opened" as const,
    environment,
    requester: requester?.id ?? null,
    requester_email: requester?.email ?? null,
    requester_claims: requester?.claims ?? {},
    task,
    client: input.client,
    ...(input.gateway === undefined ? {} : { gateway: input.gateway }),
    labels: [...input.starts_with],
    expires_at: new Date(expires_at).toISOString(),
  };
  note(context, row, opened, now);
  noteStops(context, row, [], now);
  post(context.sql, "opened", session, now);
  return row;
}

/** Ending an ended session changes nothing. */
export function endSession(
  context: SessionContext,
  row: SessionRow,
  how: { readonly as: "closed" } | { readonly as: "expired"; readonly because: "idle" | "lifetime" },
  now: number,
): void {
  if (row.ended_as !== null) return;
  noteEnd(context.sql, how.as, now);
  const event =
    how.as === "closed"
      ? { kind: "session.closed" as const }
      : { kind: "session.expired" as const, because: how.because };
  note(context, row, event, now);
  cancelApprovals(
    context,
    { ...row, ended_as: how.as, ended_at: now },
    "live",
    `the session has ${how.as === "closed" ? "been closed" : "ended"}`,
    now,
  );
  post(context.sql, "ended", how.as, now);
}

/** @returns whether the notice was news */
export function takeNotice(context: SessionContext, notice: SwitchNotice, now: number): boolean {
  const row = readSession(context.sql);
  const requester = row?.requester?.id ?? null;
  const before = readHold(context.sql, requester);
  const stopped = readStops(context.sql);
  if (!storeNotice(context.sql, notice)) return false;
  if (row === null || row.ended_as !== null) return true;
  noteStops(context, row, stopped, now);
  const after = readHold(context.sql, requester);
  if (after !== null && JSON.stringify(after) !== JSON.stringify(before)) {
    note(context, row, { kind: "session.frozen", switches: after.switches, because: "switch" }, now);
    const why = after.switches.map((each) => each.reason).join("; ");
    cancelApprovals(context, row, "pending", `${after.reason}: ${why}`, now);
  }
  if (after === null && before !== null) note(context, row, { kind: "session.thawed" }, now);
  return true;
}

/** What stops some requests leaves the session as it is, but for questions that nobody is to answer any more. */
function noteStops(context: SessionContext, row: SessionRow, before: readonly SwitchRef[], now: number): void {
  const switches = readStops(context.sql);
  if (JSON.stringify(switches) === JSON.stringify(before)) return;
  note(context, row, { kind: "session.restricted", switches }, now);
  cancelStopped(context, row, switches, now);
}

/** The session froze itself: people learn of it as of any other switch, and lift it as any other. */
export function freezeAfterFlood(context: SessionContext, row: SessionRow, now: number): void {
  const reason = "the session asked far more often than any honest one would";
  if (!freezeItself(context.sql, row.session, reason)) return;
  const switches = [{ id: "own", scope: "session" as const, name: row.session, reason, by: FLOOD_AUTHOR }];
  note(context, row, { kind: "session.frozen", switches, because: "flood" }, now);
  cancelApprovals(context, row, "pending", reason, now);
  post(context.sql, "freeze", reason, now);
}

/** What time alone brings about. */
export function passTime(context: SessionContext, now: number): void {
  const before = readSession(context.sql);
  if (before === null) return;
  expireApprovals(context, before, now);
  const row = readSession(context.sql) ?? before;
  if (row.ended_as === null && liveApprovals(context.sql).length === 0) {
    if (now >= row.expires_at) endSession(context, row, { as: "expired", because: "lifetime" }, now);
    else if (now >= idleEnd(row)) endSession(context, row, { as: "expired", because: "idle" }, now);
  }
  if (row.ended_at !== null && !row.erased && now >= row.ended_at + row.retain) eraseAll(context, row, now);
}

function eraseAll(context: SessionContext, row: SessionRow, now: number): void {
  const count = context.records.eraseAllArguments();
  noteErased(context.sql);
  note(context, row, { kind: "arguments.expired", count }, now);
}

/** When the alarm is to ring next; null: never. */
export function nextAlarm(context: SessionContext): number | null {
  const row = readSession(context.sql);
  if (row === null) return null;
  const live = liveApprovals(context.sql).map((each) => deadlineOf(each.state));
  const end = row.ended_as === null ? [live.length === 0 ? Math.min(row.expires_at, idleEnd(row)) : Infinity] : [];
  const retention = row.ended_at !== null && !row.erased ? [row.ended_at + row.retain] : [];
  const due = nextDue(context.sql);
  const times = [...live, ...end, ...retention, ...(due === null ? [] : [due])];
  const soonest = Math.min(...times);
  return Number.isFinite(soonest) ? soonest : null;
}
