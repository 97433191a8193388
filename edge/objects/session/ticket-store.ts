/**
 * Tickets for sessions below others. Only a hash of each is kept, so that whoever reads the storage can't redeem one. A
 * ticket's number is that of the session it opens, so that opening it again is the same opening.
 */
import { sha256Hex } from "../../digest.ts";
import { firstRow } from "../../rows.ts";

export const TICKETS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS tickets (
    number INTEGER PRIMARY KEY AUTOINCREMENT, hash TEXT NOT NULL, above TEXT NOT NULL, agent TEXT NOT NULL,
    expires_at INTEGER NOT NULL, used INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS tickets_hash ON tickets (hash);
`;

const TICKET_LIFE = 60_000;

export interface Ticket {
  /** From 1. */
  readonly number: number;
  /** The session that asked for it. */
  readonly above: string;
  readonly agent: string;
}

/** @returns when it expires */
export function insertTicket(sql: SqlStorage, text: string, of: Omit<Ticket, "number">, now: number): number {
  const expires_at = now + TICKET_LIFE;
  sql.exec("DELETE FROM tickets WHERE used = 1 OR expires_at <= ?", now);
  sql.exec(
    "INSERT INTO tickets (hash, above, agent, expires_at, used) VALUES (?, ?, ?, ?, 0)",
    sha256Hex(text),
    of.above,
    of.agent,
    expires_at,
  );
  return expires_at;
}

/** Null when there is none like it that is still good. */
export function readTicket(sql: SqlStorage, text: string, now: number): Ticket | null {
  const query = "SELECT number, above, agent FROM tickets WHERE hash = ? AND used = 0 AND expires_at > ?";
  return firstRow<Ticket>(sql, query, sha256Hex(text), now);
}

export function useTicket(sql: SqlStorage, { number }: Ticket): void {
  sql.exec("UPDATE tickets SET used = 1 WHERE number = ?", number);
}

/** Those that may still be redeemed. */
export function countTickets(sql: SqlStorage, now: number): number {
  const query = "SELECT count(*) AS count FROM tickets WHERE used = 0 AND expires_at > ?";
  return sql.exec<{ count: number }>(query, now).one().count;
}
