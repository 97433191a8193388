/** How a gained role ends: by time, by the policy, with the session. In a transaction. */
import type { Offers } from "../../rpc.ts";
import { dropRole, type GainedRole, readRoles } from "./gained-roles.ts";
import { isRoot, type Member, readRoot } from "./member.ts";
import { note, type SessionContext } from "./session-context.ts";

type Because = "time" | "policy" | "session";

export function endRolesInTime(context: SessionContext, now: number): void {
  endRoles(context, now, "time", ({ until }) => until <= now);
}

/** At each request of the root: what the policy of now offers no more ends, and doesn't come back with a later policy. */
export function endRolesNotOffered(context: SessionContext, row: Member, offers: Offers, now: number): void {
  if (!isRoot(row)) return;
  const offered = new Set(offers.map(({ role }) => role));
  endRoles(context, now, "policy", ({ role }) => !offered.has(role));
}

export function endRolesWithSession(context: SessionContext, now: number): void {
  endRoles(context, now, "session", () => true);
}

function endRoles(context: SessionContext, now: number, because: Because, ends: (one: GainedRole) => boolean): void {
  const root = readRoot(context.sql);
  if (root === null) return;
  for (const { role, approval } of readRoles(context.sql).filter(ends)) {
    dropRole(context.sql, role);
    note(context, root, { kind: "elevation.ended", role, approval, because }, now);
  }
}
