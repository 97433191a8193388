/**
 * What this isolate refused by itself, so that no record tells of it: counted here, and told to the ledger now and then,
 * so that a flood of it costs hardly a call. What an isolate that is stopped hadn't told is lost.
 */
import type { LedgerCounters } from "../rpc.ts";

type Refusals = LedgerCounters["refusals"];

/** Between two tellings. */
const PAUSE = 10_000;

let counts = new Map<string, number>();
let told = 0;

/** @param reason a kind of problem, `shield`, or why a session was not opened: there are few */
export function countRefusal(reason: string): void {
  counts.set(reason, (counts.get(reason) ?? 0) + 1);
}

/** Null while there is nothing to tell, or was told lately. @param now UTC milliseconds; null: it is wanted at once */
export function tellRefusals(now: number | null, tell: (refusals: Refusals) => Promise<unknown>): Promise<void> | null {
  if (counts.size === 0 || (now !== null && now - told < PAUSE && now >= told)) return null;
  told = now ?? told;
  return tellAll(tell);
}

/** Never throws: what didn't arrive is told the next time. */
async function tellAll(tell: (refusals: Refusals) => Promise<unknown>): Promise<void> {
  const sent = counts;
  counts = new Map();
  try {
    await tell([...sent].map(([reason, count]) => ({ reason, count })));
  } catch (error) {
    for (const [reason, count] of sent) counts.set(reason, (counts.get(reason) ?? 0) + count);
    const name = error instanceof Error ? error.name : typeof error;
    console.warn(JSON.stringify({ event: "refusals_untold", name }));
  }
}
