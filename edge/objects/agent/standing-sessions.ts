/**
 * Which session answers a gateway's one-shot questions about this agent, one for each person that the agent works for:
 * so that limits, labels and `session did` count over all of them. Rows go when their session has ended.
 */
import { firstRow } from "../../rows.ts";

export const STANDING_SCHEMA = `
  CREATE TABLE IF NOT EXISTS standing (key TEXT PRIMARY KEY, session TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS standing_sessions ON standing (session);
`;

/** The session has ended: the next question gets another one. */
export function forgetStanding(sql: SqlStorage, session: string): void {
  sql.exec("DELETE FROM standing WHERE session = ?", session);
}

/**
 * @param candidate becomes the one where there is none
 * @param ended the one that has been seen to be over; null: none was
 */
export function standingSession(sql: SqlStorage, key: string, candidate: string, ended: string | null): string {
  if (ended !== null) sql.exec("DELETE FROM standing WHERE key = ? AND session = ?", key, ended);
  sql.exec("INSERT OR IGNORE INTO standing (key, session) VALUES (?, ?)", key, candidate);
  return firstRow<{ session: string }>(sql, "SELECT session FROM standing WHERE key = ?", key)?.session ?? candidate;
}
