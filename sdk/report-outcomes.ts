/**
 * Tells the edge what became of actions, beside the caller's own work: a report never fails what the caller did, holds it
 * up for a moment at most, and is tried again while the edge can't be reached.
 */
import { TooManyRequests } from "./errors.ts";
import { pause } from "./retry.ts";
import type { OutcomeRequest } from "./wire.ts";

/** Milliseconds that a caller waits for its report: so that what it asks next is mostly decided with it. */
const HOLDS_UP = 500;
/** Milliseconds that closing a session waits for all of them. */
const LAST_WAIT = 5_000;
/** How often one that came too fast is sent again. */
const MAX_FLOODED = 3;
const LONGEST_PAUSE = 10;

export interface OutcomeReporter {
  /** Settles when it is reported, given up or has taken long enough; never rejects. */
  readonly report: (outcome: OutcomeRequest, unreported: (error: unknown) => void) => Promise<void>;
  /** Waits a while for what is still on its way. */
  readonly settled: () => Promise<void>;
}

/** @param send Tells the edge once, retries of a connection included. */
export function reportOutcomes(send: (outcome: OutcomeRequest) => Promise<unknown>): OutcomeReporter {
  const underway = new Set<Promise<void>>();
  return {
    report: (outcome, unreported) => {
      const told = patiently(() => send(outcome)).then(() => undefined, unreported);
      underway.add(told);
      void told.finally(() => underway.delete(told));
      return atMost(told, HOLDS_UP);
    },
    settled: () => atMost(Promise.all(underway), LAST_WAIT),
  };
}

async function patiently(send: () => Promise<unknown>): Promise<void> {
  for (let flooded = 0; ; flooded++) {
    try {
      await send();
      return;
    } catch (error) {
      if (!(error instanceof TooManyRequests) || flooded === MAX_FLOODED) throw error;
      await pause(Math.min(error.retryAfter ?? 1, LONGEST_PAUSE) * 1000);
    }
  }
}

async function atMost(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const enough = new AbortController();
  const waited = pause(milliseconds, enough.signal).catch(() => undefined);
  await Promise.race([work, waited]);
  enough.abort();
}
