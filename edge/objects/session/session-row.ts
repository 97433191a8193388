/** The one row that says what this session is and how far it has come. */
import type { Requester } from "../../../engine/index.ts";
import { firstRow } from "../../rows.ts";

/** Fixed when the session opens. */
export interface SessionFacts {
  readonly session: string;
  readonly agent: string;
  readonly environment: string;
  readonly requester: Requester | null;
  readonly requester_person: { readonly iss: string; readonly sub: string } | null;
  readonly task: string | null;
  readonly opened_at: number;
  readonly expires_at: number;
  readonly lease: number;
  readonly retain: number;
}

export interface SessionRow extends SessionFacts {
  /** The highest seen. */
  readonly sequence: number;
  readonly policy: string;
  readonly idle: number;
  readonly active_at: number;
  /** The latest time that was written down. */
  readonly clock: number;
  /** Admitted actions. */
  readonly calls: number;
  readonly attempts: number;
  readonly ended_as: "closed" | "expired" | null;
  readonly ended_at: number | null;
  /** Whether the arguments were removed because `retain` is over. */
  readonly erased: boolean;
}

type Columns = Omit<SessionRow, keyof SessionFacts | "erased"> & { readonly facts: string; readonly erased: number };

export function readSession(sql: SqlStorage): SessionRow | null {
  const row = firstRow<Columns>(sql, "SELECT * FROM session");
  if (row === null) return null;
  const { facts, erased, ...changing } = row;
  return { ...(JSON.parse(facts) as SessionFacts), ...changing, erased: erased === 1 };
}

export function insertSession(
  sql: SqlStorage,
  facts: SessionFacts,
  start: Pick<SessionRow, "sequence" | "policy" | "idle">,
): void {
  sql.exec(
    `INSERT INTO session (id, facts, sequence, policy, idle, active_at, clock, calls, attempts, erased)
     VALUES (1, ?, ?, ?, ?, ?, ?, 0, 0, 0)`,
    JSON.stringify(facts),
    start.sequence,
    start.policy,
    start.idle,
    facts.opened_at,
    facts.opened_at,
  );
}

export function learnSequence(sql: SqlStorage, sequence: number): void {
  sql.exec("UPDATE session SET sequence = ?1 WHERE sequence < ?1", sequence);
}

export interface Progress {
  readonly now: number;
  readonly policy: string;
  readonly idle: number;
  readonly attempts: number;
  /** 1 when an action was admitted. */
  readonly admitted: 0 | 1;
}

export function noteProgress(sql: SqlStorage, progress: Progress): void {
  sql.exec(
    "UPDATE session SET active_at = ?1, clock = ?1, policy = ?2, idle = ?3, attempts = ?4, calls = calls + ?5",
    progress.now,
    progress.policy,
    progress.idle,
    progress.attempts,
    progress.admitted,
  );
}

/** Activity that is no decision, such as an approval that came: the session doesn't idle out right after it. */
export function noteActivity(sql: SqlStorage, now: number): void {
  sql.exec("UPDATE session SET active_at = ?1, clock = ?1", now);
}

export function noteAttempts(sql: SqlStorage, attempts: number): void {
  sql.exec("UPDATE session SET attempts = ?", attempts);
}

export function noteEnd(sql: SqlStorage, as: "closed" | "expired", now: number): void {
  sql.exec("UPDATE session SET ended_as = ?, ended_at = ?2, clock = ?2", as, now);
}

export function noteErased(sql: SqlStorage): void {
  sql.exec("UPDATE session SET erased = 1");
}

export function readLabels(sql: SqlStorage): readonly string[] {
  return sql
    .exec<{ name: string }>("SELECT name FROM labels ORDER BY name")
    .toArray()
    .map((row) => row.name);
}

export function changeLabels(sql: SqlStorage, adds: readonly string[], clears: readonly string[]): void {
  // What one action both clears and yields stays: labels must not be lost by their order.
  for (const label of clears) sql.exec("DELETE FROM labels WHERE name = ?", label);
  for (const label of adds) sql.exec("INSERT OR IGNORE INTO labels (name) VALUES (?)", label);
}
