/** Whether a session gets a fresh token: while it lives and nobody has killed what it works for. */
import type { RefreshOutput } from "../../rpc.ts";
import { UNLEASED } from "../lease.ts";
import { askerOf, liveWithin } from "./change-approval.ts";
import { deathOf, idleEnd } from "./guard.ts";
import type { Leases } from "./leases.ts";
import { requireMember } from "./member.ts";
import { note, type SessionContext } from "./session-context.ts";

/** Behind the credential and the renewal of the lease. */
export function refreshed(context: SessionContext, session: string, leases: Leases): RefreshOutput {
  const now = context.clock.now();
  const row = requireMember(context.sql, session);
  // Past its lifetime it lives to redeem an approval, for which it needs a token.
  const waiting = liveWithin(context, session).find((each) => askerOf(context, each).session === session);
  const dead = deathOf(context, row, now, waiting?.id ?? null);
  if (dead !== null) return { live: false, ...dead };
  if (!leases.held(row.chain)) return { live: false, reason: "overloaded", message: UNLEASED };
  context.transaction(() => note(context, row, { kind: "session.refreshed" }, now));
  return { live: true, expires_at: row.expires_at, idle_expires_at: idleEnd(row) };
}
