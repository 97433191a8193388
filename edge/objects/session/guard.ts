/**
 * Whether a request may be decided at all, before any rule: step 4 of `ARCHITECTURE.md`, and again with the state of that
 * moment inside the transaction of step 7. Reads only.
 */
import { isLive, stepApproval } from "../../approvals/approval.ts";
import { readApproval } from "../../approvals/approval-store.ts";
import type { Answer, AuthorizeInput, Link, Refusal, SwitchRef } from "../../rpc.ts";
import { decide, grantedBy, outlivesRoles } from "../../../engine/index.ts";
import type { Reason, Remainder } from "../../../engine/index.ts";
import { killedMessage, roleBlock, rolesAmong, stoppingRoles, stopsAction } from "../../switches/switch-reach.ts";
import { UNLEASED } from "../lease.ts";
import { liveWithin } from "./change-approval.ts";
import { stateOf } from "./engine-state.ts";
import type { SessionContext } from "./session-context.ts";
import { isRoot, isSameChain, type Member, requireMember } from "./member.ts";
import { storedAnswer } from "./stored-answer.ts";
import { readHold, readStops } from "./switch-store.ts";

export type Guarded =
  | { readonly kind: "go"; readonly row: Member }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "stored"; readonly answer: Answer }
  /** Recorded, but stored under no request id: asked again later it may well be decided. */
  | { readonly kind: "denied"; readonly row: Member; readonly reason: Reason; readonly message: string };

/** Schedules are decided by the Worker's clock: an older answer could be one of another hour. */
const MAX_SKEW = 5_000;
export const LATE = "the request took too long to arrive; try again";

export function cameLate({ at }: { readonly at: number }, now: number): boolean {
  return Math.abs(now - at) > MAX_SKEW;
}

export function guard(
  context: SessionContext,
  row: Member | null,
  input: AuthorizeInput,
  now: number,
  leased: boolean,
): Guarded {
  if (row === null) return refused({ refused: "not_found" });
  if (input.sequence < row.sequence) return refused({ refused: "policy_stale" });
  if (!isOf(row, input)) return refused({ refused: "forbidden", detail: "the token is not one of this session" });
  if (!asksCallers(row, input.remainder)) return denied(row, "the edge decided for another chain of agents; try again");
  const dead = deathOf(context, row, now, input.approval);
  if (dead !== null) return { kind: "denied", row, ...dead };
  const stops = readStops(context.sql, row);
  const named = stops.filter((each) => stopsAction(each, input.remainder.action, input.classes));
  if (named.length > 0) return killed(row, killedMessage(named, row.agent));
  if (!leased) return denied(row, UNLEASED);
  if (cameLate(input, now)) return denied(row, LATE);
  const stored = storedAnswer(context, row, input);
  if (stored !== null && stored.digest !== input.request_digest) return refused({ refused: "request_id_reused" });
  const roles = roleStops(context, row, input, now, stops, stored?.answer ?? null);
  if (roles.length > 0)
    return killed(row, `${killedMessage(roles, row.agent)} (nothing else in the policy grants this)`);
  if (stored !== null) return { kind: "stored", answer: stored.answer };
  if (!context.records.hasRoomFor(input.args))
    return denied(row, "this session has stored all the arguments that it may; open another one");
  return { kind: "go", row };
}

function refused(refusal: Refusal): Guarded {
  return { kind: "refused", refusal };
}

/**
 * The killed roles for which alone the request is denied. What it was answered before doesn't outlive the grant that it
 * rested on, though in the state of now, spent and labelled, the rules might not grant it again.
 */
function roleStops(
  context: SessionContext,
  row: Member,
  { remainder }: AuthorizeInput,
  now: number,
  stops: readonly SwitchRef[],
  stored: Answer | null,
): readonly SwitchRef[] {
  const roles = stops.filter(({ scope }) => scope === "role");
  if (roles.length === 0 || stored?.decision === "deny") return [];
  const state = stateOf(context, row, now, new Map(), []);
  const granted_by = grantedBy(remainder, state);
  if (stored === null) return decide(remainder, state).decision === "deny" ? [] : stoppingRoles(roles, granted_by);
  const granting = new Set(remainder.rows.flatMap((each) => (each.may_grant ? [each.rule.block] : [])));
  const concerned = roles.filter(({ name }) => granting.has(roleBlock(name)));
  return outlivesRoles(granted_by, rolesAmong(roles)) ? [] : concerned;
}

function killed(row: Member, message: string): Guarded {
  return { kind: "denied", row, reason: "killed", message };
}

function denied(row: Member, message: string): Guarded {
  return { kind: "denied", row, reason: "overloaded", message };
}

/** Does what the token says of the session fit what was stored when it opened? */
export function isOf(row: Member, caller: { readonly agent: string; readonly chain?: readonly Link[] }): boolean {
  if (caller.agent !== row.agent) return false;
  return isSameChain(caller.chain ?? (isRoot(row) ? row.chain : []), row);
}

/** Was every agent above asked? What is denied before any rule asks nobody. */
function asksCallers(row: Member, { callers, denied }: Remainder): boolean {
  const above = row.chain.slice(0, -1);
  return (
    denied !== null || (callers.length === above.length && above.every((link, at) => callers[at]?.agent === link.agent))
  );
}

export interface Death {
  readonly reason: "killed" | "frozen" | "session_expired";
  readonly message: string;
}

/**
 * Why the session decides nothing (now); null while it lives. It lives no longer than those above it.
 * @param redeems an approval that the request wants to use: past its lifetime a session lives for that alone
 */
export function deathOf(context: SessionContext, row: Member, now: number, redeems: string | null): Death | null {
  const hold = readHold(context.sql, row);
  if (hold?.reason === "killed") return { reason: "killed", message: killedMessage(hold.switches, row.agent) };
  if (hold !== null) {
    const why = hold.switches.map((each) => each.reason).join("; ");
    return { reason: hold.reason, message: `this session is frozen: ${why}` };
  }
  if (row.ended_as === "closed") return expired("this session was closed; open another one");
  if (row.ended_as === "expired") return expired("this session has ended; open another one");
  const chain = chainOf(context, row);
  if (isPastLifetime(chain, now) && !isRedeemable(context.sql, redeems, now)) return expired(LIFETIME_OVER);
  if (chain.some((each) => now >= idleEnd(each) && liveWithin(context, each.session).length === 0))
    return expired("this session was idle for too long; open another one");
  return null;
}

export const LIFETIME_OVER = "this session's lifetime is over; open another one";

/** Of the session, or of one above it. */
export function isLifetimeOver(context: SessionContext, row: Member, now: number): boolean {
  return isPastLifetime(chainOf(context, row), now);
}

function isPastLifetime(chain: readonly Member[], now: number): boolean {
  return chain.some(({ expires_at }) => now >= expires_at);
}

function chainOf({ sql }: SessionContext, row: Member): readonly Member[] {
  return row.chain.map(({ session }) => (session === row.session ? row : requireMember(sql, session)));
}

export function idleEnd(row: Member): number {
  return Math.min(row.active_at + row.idle, row.expires_at);
}

function expired(message: string): Death {
  return { reason: "session_expired", message };
}

function isRedeemable(sql: SqlStorage, id: string | null, now: number): boolean {
  const approval = id === null ? null : readApproval(sql, id);
  if (approval === null) return false;
  return isLive(stepApproval(approval.state, { kind: "pass", at: now }));
}
