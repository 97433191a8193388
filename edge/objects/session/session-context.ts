/** What the parts of a session's object share. Everything here is synchronous. */
import type { RecordStore } from "../../records/record-store.ts";
import type { Event } from "../../records/record.ts";
import type { Clock } from "../clock.ts";
import type { LiveFacts } from "./live-facts.ts";
import type { Member } from "./member.ts";

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

/** Appends one record about one session of the tree as it stands. @returns its number */
export function note(
  context: SessionContext,
  row: Pick<Member, "session" | "chain" | "agent" | "policy" | "sequence">,
  event: Event,
  now: number,
  args: string | null = null,
): number {
  const { session, agent, policy, sequence } = row;
  const at = new Date(now).toISOString();
  const chain = row.chain.map((link) => link.agent);
  return context.records.append({ session, chain, agent, policy, sequence, at, ...event }, args).seq;
}
