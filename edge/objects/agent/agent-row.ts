/** What the agent's object knows of itself, and which credentials were used. */
import type { Credential } from "../../rpc.ts";
import { firstRow } from "../../rows.ts";

export interface AgentRow {
  readonly name: string;
  /** The highest policy seen. */
  readonly sequence: number;
  readonly clock: number;
}

export function readAgent(sql: SqlStorage): AgentRow | null {
  return firstRow<AgentRow>(sql, "SELECT name, sequence, clock FROM agent");
}

export function introduceAgent(sql: SqlStorage, name: string, now: number): void {
  sql.exec("INSERT OR IGNORE INTO agent (id, name, sequence, clock) VALUES (1, ?, 0, ?)", name, now);
}

export function learnSequence(sql: SqlStorage, sequence: number): void {
  sql.exec("UPDATE agent SET sequence = ?1 WHERE sequence < ?1", sequence);
}

export function noteClock(sql: SqlStorage, now: number): void {
  sql.exec("UPDATE agent SET clock = ?1 WHERE clock < ?1", now);
}

/** False when one of them was used before; then none is used up. */
export function useCredentials(sql: SqlStorage, credentials: readonly Credential[], now: number): boolean {
  sql.exec("DELETE FROM credentials WHERE expires <= ?", now);
  const used = credentials.some(
    (each) => sql.exec("SELECT 1 FROM credentials WHERE key = ?", each.key).toArray().length > 0,
  );
  const keys = new Set(credentials.map((each) => each.key));
  if (used || keys.size < credentials.length) return false;
  for (const { key, expires } of credentials)
    sql.exec("INSERT INTO credentials (key, expires) VALUES (?, ?)", key, Math.max(expires, now + 1));
  return true;
}
