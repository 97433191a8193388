/** The session as the engine reads it: labels, counts and what was done are those of its whole tree. */
import type { LimitRow, State, Usage } from "../../../engine/index.ts";
import { readUsage } from "../../limits/count-store.ts";
import { shareKey } from "../../limits/holder.ts";
import { wasAdmitted } from "./admitted-store.ts";
import { rolesOf } from "./gained-roles.ts";
import type { SessionContext } from "./session-context.ts";
import type { Member } from "./member.ts";
import { readLabels } from "./session-row.ts";

/** What other objects said is used, by `shareKey`. */
export type SharedUsage = ReadonlyMap<string, Usage>;

/**
 * @param shared a shared limit that isn't in it is taken for unused: enough to learn which must be asked about, and
 * never the last word, since an answer is given only when all that it spends were asked about
 */
export function stateOf(
  context: SessionContext,
  row: Member,
  now: number,
  shared: SharedUsage,
  approved: readonly string[],
): State {
  return {
    now,
    opened_at: row.tree_opened_at,
    calls: row.calls,
    labels: new Set(readLabels(context.sql)),
    roles: new Set(rolesOf(context.sql, row, now).map(({ role }) => role)),
    ...(row.task === null ? {} : { task: row.task }),
    did: (action, same, within) => wasAdmitted(context.sql, context.key, { action, same, within }, now),
    live: (set, value) => context.live.has(set, value),
    used: (limit) => usedOf(context, limit, shared, now),
    approved: (approval) => approved.includes(approval),
  };
}

/** @param shared as above */
export function usedOf(context: SessionContext, limit: LimitRow, shared: SharedUsage, now: number): Usage {
  if (limit.per === "session") return readUsage(context.sql, limit, now);
  return shared.get(shareKey(limit)) ?? { used: 0n, admits_at: now };
}
