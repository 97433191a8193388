/** How a gained role ends: by time, by the policy, with the session. In a transaction. */
import type { Offers } from "../../rpc.ts";
import { dropRole, type GainedRole, readRoles, shortenRole } from "./gained-roles.ts";
import { isRoot, type Member, readRoot } from "./member.ts";
import { note, type SessionContext } from "./session-context.ts";

type Because = "time" | "policy" | "session";

export function endRolesInTime(context: SessionContext, now: number): void {
  endRoles(context, now, "time", ({ until }) => until <= now);
}

/**
 * At each request of the root: what the policy of now offers no more, or for less time than has passed, ends; what it
 * offers for less time ends earlier. Neither comes back with a later policy.
 */
export function endRolesNotOffered(context: SessionContext, row: Member, offers: Offers, now: number): void {
  if (!isRoot(row)) return;
  const offered = new Map(offers.map(({ role, duration }) => [role, duration]));
  const end = ({ role, gained_at }: GainedRole): number => gained_at + (offered.get(role) ?? 0);
  endRoles(context, now, "policy", (each) => !offered.has(each.role) || end(each) <= now);
  for (const each of readRoles(context.sql)) if (end(each) < each.until) shortenRole(context.sql, each.role, end(each));
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
