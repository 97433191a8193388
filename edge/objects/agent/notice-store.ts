/** The switches that concern this agent or may, and which of its sessions have still to hear of them. */
import type { LearnInput, Reach, RequesterReach, SwitchNotice, SwitchRef } from "../../rpc.ts";
import { readAgent } from "./agent-row.ts";
import { requesterName } from "../../switches/switch-reach.ts";
import { AFTERLIFE, workingFor } from "./session-list.ts";

export interface KnownNotice {
  readonly epoch: number;
  readonly switches: readonly SwitchRef[];
}

export function readNotice(sql: SqlStorage): KnownNotice {
  const row = sql.exec<{ epoch: number; list: string }>("SELECT epoch, list FROM notice").toArray()[0];
  return row === undefined
    ? { epoch: -1, switches: [] }
    : { epoch: row.epoch, switches: JSON.parse(row.list) as readonly SwitchRef[] };
}

/**
 * In a transaction. Where the list is another one, every live session is to hear of it.
 * @returns false when the notice is no news
 */
export function takeNotice(sql: SqlStorage, notice: SwitchNotice, now: number): boolean {
  const before = readNotice(sql);
  if (notice.epoch <= before.epoch) return false;
  const list = JSON.stringify(notice.switches);
  const changed = list !== JSON.stringify(before.switches);
  if (changed) {
    sql.exec("DELETE FROM pushes");
    sql.exec(
      "INSERT INTO pushes (session) SELECT id FROM sessions WHERE ended_at IS NULL AND until > ?",
      now - AFTERLIFE,
    );
  }
  const sessions = changed ? countPushes(sql) : (readSessions(sql) ?? 0);
  sql.exec(
    "INSERT OR REPLACE INTO notice (id, epoch, list, sessions) VALUES (1, ?, ?, ?)",
    notice.epoch,
    list,
    sessions,
  );
  return true;
}

export function noticeForSessions(sql: SqlStorage): SwitchNotice {
  const { epoch, switches } = readNotice(sql);
  return { side: "agent", epoch, switches };
}

/** For one that may stand below others of other agents. */
export function noticeForSession(sql: SqlStorage, session: string): LearnInput {
  return { ...noticeForSessions(sql), session, agent: readAgent(sql)?.name ?? "" };
}

export function pendingPushes(sql: SqlStorage, limit: number): readonly string[] {
  return sql
    .exec<{ session: string }>("SELECT session FROM pushes LIMIT ?", limit)
    .toArray()
    .map((row) => row.session);
}

/** @param epoch of the notice that the session confirmed: a newer one still has to reach it */
export function pushed(sql: SqlStorage, session: string, epoch: number): void {
  if (epoch === readNotice(sql).epoch) sql.exec("DELETE FROM pushes WHERE session = ?", session);
}

export function reachOf(sql: SqlStorage, now: number): Reach {
  const pending = countPushes(sql);
  const notice = readNotice(sql);
  const reached = Math.max(0, (readSessions(sql) ?? 0) - pending);
  return { epoch: notice.epoch, reached, pending, requesters: requestersReach(sql, notice, now) };
}

function requestersReach(sql: SqlStorage, { switches }: KnownNotice, now: number): readonly RequesterReach[] {
  const killed = new Set(switches.flatMap(({ scope, name }) => (scope === "requester" ? [name] : [])));
  const working = killed.size === 0 ? [] : workingFor(sql, now);
  return [...killed].map((name) => {
    const theirs = working.filter(({ requester }) => requesterName(requester) === name);
    const live = theirs.reduce((sum, each) => sum + each.live, 0);
    const pending = theirs.reduce((sum, each) => sum + each.pending, 0);
    return { name, reached: live - pending, pending };
  });
}

function countPushes(sql: SqlStorage): number {
  return sql.exec<{ count: number }>("SELECT count(*) AS count FROM pushes").one().count;
}

function readSessions(sql: SqlStorage): number | null {
  return sql.exec<{ sessions: number }>("SELECT sessions FROM notice").toArray()[0]?.sessions ?? null;
}
