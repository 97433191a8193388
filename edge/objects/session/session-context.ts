/** What the parts of a session's object share. Everything here is synchronous. */
import type { RecordStore } from "../../records/record-store.ts";
import type { Event } from "../../records/record.ts";
import type { Clock } from "../clock.ts";
import type { LiveFacts } from "./live-facts.ts";
import type { SessionRow } from "./session-row.ts";

export interface SessionContext {
  readonly sql: SqlStorage;
  readonly records: RecordStore;
  readonly clock: Clock;
  /** What was learned of live sets. */
  readonly live: LiveFacts;
  /** Binds arguments, and what `session did` compares. */
  readonly key: string;
  /** All or nothing; nested ones are part of the outer one. */
  transaction<T>(run: () => T): T;
  /** Something changed on this approval: whoever waits for it is woken after the commit. */
  approvalChanged(id: string): void;
}

/** Appends one record about the session as it stands. @returns its number */
export function note(
  context: SessionContext,
  row: Pick<SessionRow, "session" | "agent" | "policy" | "sequence">,
  event: Event,
  now: number,
  args: string | null = null,
): number {
  const { session, agent, policy, sequence } = row;
  const at = new Date(now).toISOString();
  return context.records.append({ session, chain: [agent], agent, policy, sequence, at, ...event }, args).seq;
}
