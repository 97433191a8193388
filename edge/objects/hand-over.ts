/**
 * Hands an object's records over to the ledger, in order and at least once. No row stands for each: what was taken is a
 * number. Nothing waits for it, and what fails is tried again by the object's alarm.
 */
import { withDeadline } from "../deadline.ts";
import { joined } from "../joined.ts";
import type { RecordStore } from "../records/record-store.ts";
import { firstRow } from "../rows.ts";
import { type LedgerRpc, MOST_TAKEN } from "../rpc.ts";
import type { Clock } from "./clock.ts";

export const HAND_OVER_SCHEMA = `
  CREATE TABLE IF NOT EXISTS handed (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL);
`;

/** With the time that a shard takes to sign, less than a minute. */
const WITHIN = 30_000;
const FIRST_RETRY = 1_000;
const LAST_RETRY = 60_000;
/** A log that contradicts the ledger doesn't come right by itself. */
const AFTER_DISPUTE = 10 * 60_000;
const PATIENCE = 5_000;
/** Characters of one call, which carries 32 MiB at most. */
const MOST_TEXT = 4 * 1024 * 1024;

export interface HandOver {
  /** When the alarm is to ring for it; null: there is nothing to hand over. */
  due(now: number): number | null;
  isDue(now: number): boolean;
  /** Whether anything is there that was never tried. */
  isFresh(): boolean;
  /** All that is there. Never throws. */
  run(): Promise<void>;
}

export interface HandOverSource {
  readonly sql: SqlStorage;
  readonly records: RecordStore;
  readonly clock: Clock;
  /** Name of the log; null while there is none. */
  readonly log: () => string | null;
  readonly ledger: (log: string) => LedgerRpc;
}

export function createHandOver(source: HandOverSource): HandOver {
  let handed = firstRow<{ seq: number }>(source.sql, "SELECT seq FROM handed")?.seq ?? 0;
  const isPending = (): boolean => source.records.last() > handed;
  // How long they wait already, a fresh object doesn't know: were it to begin anew, restarts could put it off for good.
  let next = isPending() ? source.clock.now() : null;
  let tries = 0;

  const retry = (wait: number): void => {
    tries += 1;
    next = source.clock.now() + wait;
  };

  async function handOver(): Promise<void> {
    const log = source.log();
    if (log === null) return;
    try {
      while (isPending()) {
        const output = await withDeadline(send(source, log, handed), PATIENCE);
        const before = handed;
        // What lies behind what was sent may be of another writer: it is offered, and disputed.
        handed = Math.min(output.taken, output.sent);
        source.sql.exec("INSERT OR REPLACE INTO handed (id, seq) VALUES (1, ?)", handed);
        if (output.disputed !== null) return retry(AFTER_DISPUTE);
        if (handed === before) throw new Error("the ledger took nothing");
      }
      next = null;
      tries = 0;
    } catch (cause) {
      console.warn("records can't be handed over yet; trying again later", { log, cause: String(cause) });
      retry(Math.min(LAST_RETRY, FIRST_RETRY * 2 ** Math.min(tries, 10)));
    }
  }

  return {
    due: (now) => {
      if (!isPending()) return null;
      next ??= now + WITHIN;
      return next;
    },
    isDue: (now) => next !== null && next <= now && isPending(),
    isFresh: () => tries === 0 && isPending(),
    run: joined(handOver),
  };
}

async function send(
  { records, ledger }: HandOverSource,
  log: string,
  after: number,
): Promise<Awaited<ReturnType<LedgerRpc["take"]>> & { readonly sent: number }> {
  const lines: string[] = [];
  let size = 0;
  for (const text of records.texts(after, MOST_TAKEN)) {
    size += text.length;
    if (size > MOST_TEXT && lines.length > 0) break;
    lines.push(text);
  }
  return { ...(await ledger(log).take({ log, lines })), sent: after + lines.length };
}
