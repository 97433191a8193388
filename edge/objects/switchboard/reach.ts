/** Whom a switch concerns, who has confirmed it, and who has still to be told. */
import type { Reach, RequesterReach, SharedScope, SwitchNotice } from "../../rpc.ts";
import { rows } from "../../rows.ts";
import { noticeForSession, type StoredSwitch } from "./switch-list.ts";

interface AgentRow {
  readonly live: number;
  readonly reach_epoch: number;
  readonly reached: number;
  readonly pending: number;
}

/** An agent is known from its first lease on. */
export function noteGrant(sql: SqlStorage, agent: string, live: number, lease_until: number): void {
  sql.exec(
    `INSERT INTO agents (agent, lease_until, live, reach_epoch, reached, pending, push) VALUES (?1, ?2, ?3, -1, 0, 0, 0)
     ON CONFLICT (agent) DO UPDATE SET lease_until = max(lease_until, ?2), live = ?3`,
    agent,
    lease_until,
    live,
  );
}

export function knownAgents(sql: SqlStorage): readonly string[] {
  return sql
    .exec<{ agent: string }>("SELECT agent FROM agents ORDER BY agent")
    .toArray()
    .map((row) => row.agent);
}

/** Which agents have a role, use an action or work for a requester the Switchboard can't know: all of them hear of it. */
export function mustHear(sql: SqlStorage, scope: SharedScope, name: string): void {
  if (scope === "agent") sql.exec("UPDATE agents SET push = 1 WHERE agent = ?", name);
  else sql.exec("UPDATE agents SET push = 1");
}

export function agentsToTell(sql: SqlStorage, limit: number): readonly string[] {
  return sql
    .exec<{ agent: string }>("SELECT agent FROM agents WHERE push = 1 LIMIT ?", limit)
    .toArray()
    .map((row) => row.agent);
}

/** @param told set when the agent's object has committed this epoch and it is still the newest */
export function noteReach(sql: SqlStorage, agent: string, reach: Reach, told: boolean): void {
  // Who doesn't say for whom sessions work has told too little: what it told stays pending until it says more.
  if (reach.requesters !== undefined) noteTold(sql, agent, reach, reach.requesters);
  if (told) sql.exec("UPDATE agents SET push = 0 WHERE agent = ?", agent);
}

type Told = readonly RequesterReach[];

function noteTold(sql: SqlStorage, agent: string, reach: Reach, requesters: Told): void {
  const { rowsWritten } = sql.exec(
    "UPDATE agents SET reach_epoch = ?2, reached = ?3, pending = ?4 WHERE agent = ?1 AND reach_epoch <= ?2",
    agent,
    reach.epoch,
    reach.reached,
    reach.pending,
  );
  if (rowsWritten === 0) return;
  sql.exec("DELETE FROM requester_reach WHERE agent = ?", agent);
  for (const { name, reached, pending } of requesters)
    sql.exec(
      "INSERT INTO requester_reach (agent, name, reached, pending) VALUES (?, ?, ?, ?)",
      agent,
      name,
      reached,
      pending,
    );
}

export function sessionMustHear(sql: SqlStorage, session: string, epoch: number): void {
  sql.exec(
    "INSERT OR REPLACE INTO session_pushes (session, epoch, confirmed, live) VALUES (?, ?, 0, 0)",
    session,
    epoch,
  );
}

export function sessionsToTell(
  sql: SqlStorage,
  limit: number,
): readonly { readonly session: string; readonly epoch: number }[] {
  return sql
    .exec<{ session: string; epoch: number }>(
      "SELECT session, epoch FROM session_pushes WHERE confirmed = 0 ORDER BY epoch LIMIT ?",
      limit,
    )
    .toArray();
}

export function noteSessionTold(sql: SqlStorage, session: string, epoch: number, live: boolean): void {
  sql.exec(
    "UPDATE session_pushes SET confirmed = 1, live = ? WHERE session = ? AND epoch = ?",
    live ? 1 : 0,
    session,
    epoch,
  );
}

/** For leases: until a session has confirmed its switches, its agent's object carries them too. */
export function unconfirmedNotices(
  sql: SqlStorage,
  epoch: number,
): readonly { readonly session: string; readonly notice: SwitchNotice }[] {
  return sessionsToTell(sql, 10_000).map(({ session }) => ({ session, notice: noticeForSession(sql, session, epoch) }));
}

/**
 * How far a flipped switch has got. What nobody confirmed is pending; of an agent that wasn't told, all sessions, since
 * for whom they work its own object alone knows.
 */
export function reachOf(sql: SqlStorage, flipped: StoredSwitch): Pick<Reach, "reached" | "pending"> {
  if (flipped.lifted !== null) return { reached: 0, pending: 0 };
  if (flipped.scope === "session") return sessionReach(sql, flipped);
  const each = concernedAgents(sql, flipped).map((row) =>
    row.reach_epoch >= flipped.epoch ? row : { reached: 0, pending: Math.max(row.live, 0) },
  );
  return {
    reached: each.reduce((sum, row) => sum + row.reached, 0),
    pending: each.reduce((sum, row) => sum + row.pending, 0),
  };
}

function concernedAgents(sql: SqlStorage, { scope, name }: StoredSwitch): readonly AgentRow[] {
  const query = "SELECT live, reach_epoch, reached, pending FROM agents";
  if (scope === "agent") return rows<AgentRow>(sql, `${query} WHERE agent = ?`, name);
  return scope === "requester" ? rows<AgentRow>(sql, OF_REQUESTER, name) : rows<AgentRow>(sql, query);
}

const OF_REQUESTER = `SELECT live, reach_epoch, coalesce(its.reached, 0) AS reached, coalesce(its.pending, 0) AS pending
  FROM agents LEFT JOIN requester_reach AS its ON its.agent = agents.agent AND its.name = ?`;

function sessionReach(sql: SqlStorage, flipped: StoredSwitch): Pick<Reach, "reached" | "pending"> {
  const row = sql
    .exec<{ epoch: number; confirmed: number; live: number }>(
      "SELECT epoch, confirmed, live FROM session_pushes WHERE session = ?",
      flipped.name,
    )
    .toArray()[0];
  if (row === undefined || row.confirmed === 0) return { reached: 0, pending: 1 };
  return { reached: row.live, pending: 0 };
}
