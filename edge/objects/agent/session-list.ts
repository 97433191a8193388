/** The agent's sessions: how many are open, how many were opened, and which must hear of a switch. */
import { DEFAULT_OPENINGS } from "../../../engine/index.ts";
import type { AdmitInput, Link, SessionRow } from "../../rpc.ts";
import { rows } from "../../rows.ts";
import { forgetStanding } from "./standing-sessions.ts";

const HOUR = 60 * 60 * 1_000;
/** Past its lifetime a session may live to redeem an approval that is pending for as long as this. */
export const AFTERLIFE = 7 * 24 * HOUR;

/** Null when another one may open; else when the next one may, as far as that is known. */
export function capReached(
  sql: SqlStorage,
  now: number,
): { readonly message: string; readonly at: number | null } | null {
  if (countLive(sql, now) >= DEFAULT_OPENINGS.open)
    return { message: `this agent has ${DEFAULT_OPENINGS.open} open sessions already; close one`, at: null };
  const times = sql
    .exec<{ opened_at: number }>("SELECT opened_at FROM sessions WHERE opened_at > ? ORDER BY opened_at", now - HOUR)
    .toArray();
  const blocking = times[times.length - DEFAULT_OPENINGS.an_hour];
  if (blocking === undefined) return null;
  return {
    message: `this agent opened ${DEFAULT_OPENINGS.an_hour} sessions within an hour`,
    at: blocking.opened_at + HOUR,
  };
}

export function hasSession(sql: SqlStorage, session: string): boolean {
  return sql.exec("SELECT 1 FROM sessions WHERE id = ?", session).toArray().length > 0;
}

type Added = Pick<AdmitInput, "session" | "opening" | "until" | "chain">;

/** For whom it works and below which sessions is kept while it is open: lists show what holds it. */
export function addSession(sql: SqlStorage, { session, opening, until, chain }: Added, now: number): void {
  const { requester } = opening;
  sql.exec(
    "INSERT INTO sessions (id, opened_at, until, ended_at, confirmed) VALUES (?, ?, ?, NULL, 0)",
    session,
    now,
    until,
  );
  if (requester !== null) sql.exec("INSERT INTO requesters (session, requester) VALUES (?, ?)", session, requester);
  if (chain !== undefined)
    sql.exec("INSERT INTO chains (session, chain) VALUES (?, ?)", session, JSON.stringify(chain));
}

/** The session itself has spoken: its opening went through, even if it was given up before. */
export function confirmSession(sql: SqlStorage, session: string): void {
  sql.exec("UPDATE sessions SET confirmed = 1, ended_at = NULL WHERE id = ? AND confirmed = 0", session);
}

export function endSession(sql: SqlStorage, session: string, at: number): void {
  sql.exec("UPDATE sessions SET ended_at = ? WHERE id = ? AND ended_at IS NULL", at, session);
  sql.exec("DELETE FROM pushes WHERE session = ?", session);
  sql.exec("DELETE FROM requesters WHERE session = ?", session);
  sql.exec("DELETE FROM chains WHERE session = ?", session);
  forgetStanding(sql, session);
}

export function countLive(sql: SqlStorage, now: number): number {
  return sql
    .exec<{ count: number }>(
      "SELECT count(*) AS count FROM sessions WHERE ended_at IS NULL AND until > ?",
      now - AFTERLIFE,
    )
    .one().count;
}

interface Working {
  readonly requester: string;
  readonly live: number;
  /** Of these, those that have still to hear of the newest switches. */
  readonly pending: number;
}

/** For whom sessions work that live, and how many for each. */
export function workingFor(sql: SqlStorage, now: number): readonly Working[] {
  const query = `SELECT requester, count(*) AS live, count(pushes.session) AS pending FROM requesters
    JOIN sessions ON sessions.id = requesters.session LEFT JOIN pushes ON pushes.session = requesters.session
    WHERE ended_at IS NULL AND until > ? GROUP BY requester`;
  return rows<Working>(sql, query, now - AFTERLIFE);
}

/** Sessions that were admitted and never spoke: either they are about to, or their opening failed half-way. */
export function unconfirmedSessions(sql: SqlStorage, before: number): readonly string[] {
  return sql
    .exec<{ id: string }>(
      "SELECT id FROM sessions WHERE confirmed = 0 AND ended_at IS NULL AND opened_at < ? LIMIT 50",
      before,
    )
    .toArray()
    .map((row) => row.id);
}

type Listed = Omit<SessionRow, "chain"> & { readonly chain: string | null };

export function listSessions(sql: SqlStorage, limit: number): readonly SessionRow[] {
  const query = `SELECT id, opened_at, until, ended_at, requester, chain FROM sessions
    LEFT JOIN requesters ON requesters.session = id LEFT JOIN chains ON chains.session = id
    ORDER BY opened_at DESC LIMIT ?`;
  return rows<Listed>(sql, query, limit).map(({ chain, ...row }) =>
    chain === null ? row : { ...row, chain: JSON.parse(chain) as readonly Link[] },
  );
}
