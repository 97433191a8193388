/** The one row that says what the root session is, and how far it has come with all that is below it. */
import type { Requester } from "../../../engine/index.ts";
import { firstRow } from "../../rows.ts";
import { nowReads } from "../../remembered-reads.ts";

/** Fixed when the session opens. Environment, requester, task and retention are those of the whole tree. */
export interface SessionFacts {
  readonly session: string;
  readonly agent: string;
  readonly environment: string;
  readonly requester: Requester | null;
  readonly requester_person: { readonly iss: string; readonly sub: string } | null;
  readonly task: string | null;
  /** As it may stand in records and be shown; absent: as it is. */
  readonly task_shown?: string | null;
  readonly opened_at: number;
  readonly expires_at: number;
  readonly lease: number;
  readonly retain: number;
  /** Which gateway opened it; absent: the agent itself. */
  readonly gateway?: string;
}

export interface SessionRow extends SessionFacts {
  /** The highest seen. */
  readonly sequence: number;
  readonly policy: string;
  readonly idle: number;
  readonly active_at: number;
  /** The latest time that was written down. */
  readonly clock: number;
  /** Admitted actions of the whole tree. */
  readonly calls: number;
  readonly attempts: number;
  readonly ended_as: "closed" | "expired" | null;
  readonly ended_at: number | null;
  /** Whether the arguments were removed because `retain` is over. */
  readonly erased: boolean;
}

type Columns = Omit<SessionRow, keyof SessionFacts | "erased"> & { readonly facts: string; readonly erased: number };

const SESSION = "SELECT * FROM session";

export function readSession(sql: SqlStorage): SessionRow | null {
  const row = firstRow<Columns>(sql, SESSION);
  if (row === null) return null;
  const known = read.get(row);
  if (known !== undefined) return known;
  const { facts, erased, ...changing } = row;
  const session = { ...(JSON.parse(facts) as SessionFacts), ...changing, erased: erased === 1 };
  read.set(row, session);
  return session;
}

/** One decision looks many times at the row that is remembered. */
const read = new WeakMap<object, SessionRow>();

/** The task as it may stand in records and be shown. */
export function shownTask({ task, task_shown }: Pick<SessionFacts, "task" | "task_shown">): string | null {
  return task_shown === undefined ? task : task_shown;
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
  if ((readSession(sql)?.sequence ?? sequence) < sequence) sql.exec("UPDATE session SET sequence = ?", sequence);
}

export interface Progress {
  readonly now: number;
  readonly policy: string;
  /** What the policy says. */
  readonly idle: number;
  readonly attempts: number;
  /** 1 when an action was admitted. */
  readonly admitted: 0 | 1;
}

/** A decision was come to, which is activity too. What the row is then is known, and needn't be read back. */
export function noteProgress(sql: SqlStorage, { now, policy, idle, attempts, admitted }: Progress): void {
  const before = firstRow<Columns>(sql, SESSION);
  const known = readSession(sql);
  if (before === null || known === null) throw new Error("whoever decides has a session");
  const changed = { clock: now, active_at: now, policy, idle, attempts, calls: before.calls + admitted };
  sql.exec(PROGRESS, now, policy, idle, attempts, changed.calls);
  const after = { ...before, ...changed };
  read.set(after, { ...known, ...changed });
  nowReads(sql, SESSION, [], [after]);
}

const PROGRESS = "UPDATE session SET clock = ?1, active_at = ?1, policy = ?2, idle = ?3, attempts = ?4, calls = ?5";

export function noteAttempts(sql: SqlStorage, attempts: number): void {
  sql.exec("UPDATE session SET attempts = ?", attempts);
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
