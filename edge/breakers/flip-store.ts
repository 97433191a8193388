/** Switches that a breaker's trip has to flip, until the Switchboard has acknowledged each. */
import { breakerAuthor } from "../edge-author.ts";
import { rows } from "../rows.ts";
import type { FlipInput, FlipOutput, Refusal, Trip } from "../rpc.ts";
import { countAnew } from "./tally-store.ts";

export const FLIPS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS flips (
    id INTEGER PRIMARY KEY AUTOINCREMENT, once TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, name TEXT NOT NULL,
    breaker TEXT NOT NULL, reason TEXT NOT NULL, counter TEXT, due INTEGER NOT NULL, tries INTEGER NOT NULL
  );
`;

const FIRST_RETRY = 1_000;
const LAST_RETRY = 60_000;

interface Flip {
  readonly id: number;
  readonly once: string;
  readonly scope: FlipInput["scope"];
  readonly name: string;
  readonly breaker: string;
  readonly reason: string;
  /** Set where the kill reaches all that the breaker counts: until it has, nothing counts. */
  readonly counter: string | null;
  readonly tries: number;
}

/** @param seq with the session of the trip it names what made it */
export function postFlips(
  sql: SqlStorage,
  trip: Trip,
  made: { readonly session: string; readonly seq: number; readonly counter: string },
  now: number,
): void {
  for (const { scope, name } of trip.kill)
    sql.exec(
      `INSERT OR IGNORE INTO flips (once, scope, name, breaker, reason, counter, due, tries)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0)`,
      onceOf(made.session, made.seq, trip.breaker, scope),
      scope,
      name,
      trip.breaker,
      reasonOf(trip),
      scope === trip.per ? made.counter : null,
      now + FIRST_RETRY,
    );
}

/** The same trip flips a switch once, however often it is sent. */
export function onceOf(session: string, seq: number, breaker: string, scope: string): string {
  return JSON.stringify([session, seq, breaker, scope]);
}

export function reasonOf({ breaker, what, decision_id }: Pick<Trip, "breaker" | "what" | "decision_id">): string {
  return `breaker \`${breaker}\` tripped: ${what} (${decision_id})`;
}

/** Sends all that wait. What fails stays, later due. */
export async function sendFlips(
  sql: SqlStorage,
  now: () => number,
  sequence: number,
  flip: (input: FlipInput) => Promise<FlipOutput | Refusal>,
): Promise<void> {
  const query = "SELECT id, once, scope, name, breaker, reason, counter, tries FROM flips WHERE due <= ? ORDER BY id";
  for (const each of rows<Flip>(sql, query, now() + FIRST_RETRY)) {
    const { id, once, scope, name, breaker, reason, counter, tries } = each;
    try {
      const output = await flip({ sequence, scope, name, reason, by: breakerAuthor(breaker), once });
      if ("refused" in output) throw new Error(`refused: ${output.refused}`);
      if (counter !== null) countAnew(sql, counter, now());
      sql.exec("DELETE FROM flips WHERE id = ?", id);
    } catch (cause) {
      console.error("a breaker's switch can't be flipped yet; trying again", { scope, name, cause: String(cause) });
      const due = now() + Math.min(LAST_RETRY, FIRST_RETRY * 2 ** Math.min(tries, 10));
      sql.exec("UPDATE flips SET tries = tries + 1, due = ? WHERE id = ?", due, id);
    }
  }
}

/** Null: none waits. */
export function nextFlip(sql: SqlStorage): number | null {
  return sql.exec<{ due: number | null }>("SELECT min(due) AS due FROM flips").one().due;
}

/** Is a kill on its way that reaches all that this breaker counts? */
export function isFlipping(sql: SqlStorage, counter: string): boolean {
  return rows(sql, "SELECT 1 FROM flips WHERE counter = ? LIMIT 1", counter).length > 0;
}
