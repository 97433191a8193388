/** How sessions of the tree begin and end. All of it runs inside a transaction. */
import { deadlineOf } from "../../approvals/approval.ts";
import { CLOSED, liveApprovals } from "../../approvals/approval-store.ts";
import { FLOOD_AUTHOR } from "../../edge-author.ts";
import { personName } from "../../person-name.ts";
import type { Event } from "../../records/record.ts";
import type { LearnInput, OpenInput, SwitchRef } from "../../rpc.ts";
import { nextDue, post } from "../outbox.ts";
import { cancelApprovals, cancelStopped, expireApprovals, liveWithin } from "./change-approval.ts";
import { forgetTask } from "./forget-task.ts";
import { endRolesInTime, endRolesWithSession } from "./end-roles.ts";
import { nextRoleEnd } from "./gained-roles.ts";
import { idleEnd } from "./guard.ts";
import { isRoot, isWithin, type Member, noteEnd, readRoot, readTree, requireMember } from "./member.ts";
import { note, type SessionContext } from "./session-context.ts";
import { changeLabels, insertSession, noteErased, type SessionFacts, shownTask } from "./session-row.ts";
import { freezeItself, type Hold, ownSuperseded, readHold, readStops, storeNotice } from "./switch-store.ts";
import { tellUsed, usedDue } from "./tell-used.ts";

/** No session lives longer, whatever a policy says. */
const MAX_LIFETIME = 24 * 60 * 60 * 1_000;

export function lifetimeEnd(input: Pick<OpenInput, "lifetime">, now: number): number {
  return now + Math.min(input.lifetime, MAX_LIFETIME);
}

export function beginSession(context: SessionContext, input: OpenInput, now: number): Member {
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
    ...(input.task_shown === undefined ? {} : { task_shown: input.task_shown }),
    ...(input.gateway === undefined ? {} : { gateway: input.gateway }),
  };
  insertSession(context.sql, facts, input);
  changeLabels(context.sql, input.starts_with, []);
  const row = requireMember(context.sql, session);
  noteOpened(context, row, input, now);
  return row;
}

type Start = Pick<OpenInput, "client" | "gateway" | "starts_with">;

/** @param row with the policy that it was opened under @param above null: it is the root */
export function noteOpened(
  context: SessionContext,
  row: Member,
  { client, gateway, starts_with }: Start,
  now: number,
  above: string | null = null,
): void {
  const opened = {
    kind: "session.opened" as const,
    environment: row.environment,
    requester: row.requester?.id ?? null,
    requester_email: row.requester?.email ?? null,
    requester_claims: row.requester?.claims ?? {},
    task: shownTask(row),
    client,
    ...(gateway === undefined ? {} : { gateway }),
    labels: [...starts_with],
    expires_at: new Date(row.expires_at).toISOString(),
    ...(above === null ? {} : { above }),
  };
  note(context, row, opened, now);
  // Switches stand in the records under the policy that decided last.
  noteStops(context, requireMember(context.sql, row.session), [], now);
  post(context.sql, row, "opened", row.session, now);
}

export type Ending = { readonly as: "closed" } | { readonly as: "expired"; readonly because: "idle" | "lifetime" };

/** With all that is open below it, which ends first. Ending an ended session changes nothing. */
export function endSession(context: SessionContext, row: Member, how: Ending, now: number): void {
  if (row.ended_as !== null) return;
  const open = readTree(context.sql).filter((each) => each.ended_as === null && isWithin(each, row.session));
  for (const each of open.toReversed()) endOne(context, each, how, each.session === row.session ? null : row, now);
}

/** @param above the session whose end ended it; null: its own */
function endOne(context: SessionContext, row: Member, how: Ending, above: Member | null, now: number): void {
  noteEnd(context.sql, row, how.as, now);
  note(context, row, endEvent(how, above), now);
  const why = how.as === "closed" ? CLOSED : "the session has ended";
  cancelApprovals(context, { ...row, ended_as: how.as, ended_at: now }, "live", why, now);
  post(context.sql, row, "ended", how.as, now);
  if (!isRoot(row)) return;
  forgetTask(context.sql);
  endRolesWithSession(context, now);
  tellUsed(context, now);
}

function endEvent(how: Ending, above: Member | null): Event {
  const because = above === null ? {} : { with: above.session };
  return how.as === "closed"
    ? { kind: "session.closed", ...because }
    : { kind: "session.expired", because: how.because, ...because };
}

/** @returns whether the notice was news */
export function takeNotice(context: SessionContext, notice: LearnInput, now: number): boolean {
  const open = readTree(context.sql).filter((each) => each.ended_as === null);
  const before = open.map((row) => ({ row, hold: readHold(context.sql, row), stops: readStops(context.sql, row) }));
  if (!storeNotice(context.sql, notice)) return false;
  for (const { row, hold, stops } of before) {
    noteStops(context, row, stops, now);
    noteHold(context, row, hold, now);
  }
  return true;
}

function noteHold(context: SessionContext, row: Member, before: Hold | null, now: number): void {
  const after = readHold(context.sql, row);
  if (after !== null && JSON.stringify(after) !== JSON.stringify(before)) {
    note(context, row, { kind: "session.frozen", switches: after.switches, because: "switch" }, now);
    const why = after.switches.map((each) => each.reason).join("; ");
    cancelApprovals(context, row, "pending", `${after.reason}: ${why}`, now);
  }
  if (after === null && before !== null) note(context, row, { kind: "session.thawed" }, now);
}

/** What stops some requests leaves the session as it is, but for questions that nobody is to answer any more. */
function noteStops(context: SessionContext, row: Member, before: readonly SwitchRef[], now: number): void {
  const switches = readStops(context.sql, row);
  if (JSON.stringify(switches) === JSON.stringify(before)) return;
  note(context, row, { kind: "session.restricted", switches }, now);
  cancelStopped(context, row, switches, now);
}

/** The tree froze itself: people learn of it as of any other switch, and lift it as any other. */
export function freezeAfterFlood(context: SessionContext, now: number): void {
  const reason = "the session asked far more often than any honest one would";
  const root = readRoot(context.sql);
  if (root === null || !freezeTree(context, { reason, by: personName(FLOOD_AUTHOR) }, "flood", now)) return;
  post(context.sql, root, "freeze", reason, now);
}

/** At once, before the Switchboard has its switch for it. @returns false where it was frozen so already */
export function freezeTree(
  context: SessionContext,
  { reason, by }: Pick<SwitchRef, "reason" | "by">,
  because: "flood" | "breaker",
  now: number,
): boolean {
  const root = readRoot(context.sql);
  if (root === null) return false;
  const own: SwitchRef = { id: `own ${by}`, scope: "session", name: root.session, reason, by };
  if (!freezeItself(context.sql, own)) return false;
  for (const row of readTree(context.sql).filter((each) => each.ended_as === null)) {
    note(context, row, { kind: "session.frozen", switches: [own], because }, now);
    cancelApprovals(context, row, "pending", reason, now);
  }
  return true;
}

/** The Switchboard has the switch: from the epoch on its word alone counts, even if it was lifted before it was heard of. */
export function learnOwnFlip(context: SessionContext, by: string, epoch: number, now: number): void {
  const open = readTree(context.sql).filter((each) => each.ended_as === null);
  const before = open.map((row) => ({ row, hold: readHold(context.sql, row) }));
  ownSuperseded(context.sql, by, epoch);
  for (const { row, hold } of before) noteHold(context, row, hold, now);
}

/** What time alone brings about. */
export function passTime(context: SessionContext, now: number): void {
  if (readRoot(context.sql) === null) return;
  expireApprovals(context, now);
  endRolesInTime(context, now);
  tellUsed(context, now);
  for (const { session } of readTree(context.sql)) {
    const row = requireMember(context.sql, session);
    if (row.ended_as !== null || liveWithin(context, session).length > 0) continue;
    if (now >= row.expires_at) endSession(context, row, { as: "expired", because: "lifetime" }, now);
    else if (now >= idleEnd(row)) endSession(context, row, { as: "expired", because: "idle" }, now);
  }
  const root = readRoot(context.sql);
  const until = root === null ? null : retainedUntil(context, root);
  if (root !== null && until !== null && now >= until) eraseAll(context, root, now);
}

/** What is asked of an ended session is recorded too, even when `retain` is over. Null: there is nothing to erase. */
function retainedUntil(context: SessionContext, root: Member): number | null {
  if (root.ended_at === null || (root.erased && !context.records.hasArguments())) return null;
  return root.ended_at + root.retain;
}

function eraseAll(context: SessionContext, row: Member, now: number): void {
  const count = context.records.eraseAllArguments();
  noteErased(context.sql);
  note(context, row, { kind: "arguments.expired", count }, now);
}

/** When the alarm is to ring next; null: never. */
export function nextAlarm(context: SessionContext): number | null {
  const tree = readTree(context.sql);
  const root = tree[0];
  if (root === undefined) return null;
  const live = liveApprovals(context.sql).map((each) => deadlineOf(each.state));
  const open = tree.filter((each) => each.ended_as === null);
  const idling = live.length === 0 ? open : open.filter((each) => liveWithin(context, each.session).length === 0);
  const ends = idling.map(idleEnd);
  const others = [retainedUntil(context, root), nextDue(context.sql), usedDue(context.sql), nextRoleEnd(context.sql)];
  const times = [...live, ...ends, ...others.filter((at) => at !== null)];
  const soonest = Math.min(...times);
  return Number.isFinite(soonest) ? soonest : null;
}
