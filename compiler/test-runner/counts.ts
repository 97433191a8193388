/**
 * What limits have counted, in memory. Windows are counted in the engine's own buckets, so that a green test says
 * something about production.
 */
import { bucketOf, countsUntil, type LimitRow, type Usage } from "../../engine/index.ts";

export interface Counts {
  /** What stands on the counter at `now`. */
  used(counter: string, limit: LimitRow, now: number): Usage;
  spend(counter: string, window: number | null, amount: bigint, at: number): void;
}

/** Whose count a limit adds to. */
export interface Payer {
  /** The tree of sessions, which counts as one. */
  readonly tree: string;
  readonly agent: string;
  readonly requester: string | null;
}

interface Spent {
  /** Where the window is null, 0 to the end of the session. */
  readonly bucket: number;
  amount: bigint;
}

export function emptyCounts(): Counts {
  const spent = new Map<string, Spent[]>();
  return {
    used: (counter, limit, now) => usageOf(limit, spent.get(counter) ?? [], now),
    spend: (counter, window, amount, at) => {
      const entries = spent.get(counter) ?? [];
      const bucket = window === null ? 0 : bucketOf(at, window);
      const entry = entries.find((one) => one.bucket === bucket);
      if (entry !== undefined) entry.amount += amount;
      else entries.push({ bucket, amount });
      spent.set(
        counter,
        entries.toSorted((a, b) => a.bucket - b.bucket),
      );
    },
  };
}

/** Two limits that differ in nothing but N share a counter; a caller pays its own. */
export function counterOf(limit: LimitRow, payer: Payer): string {
  return [limit.per, whose(limit, payer), limit.counter, limit.key].join(" ");
}

function whose({ per, agent }: LimitRow, payer: Payer): string {
  switch (per) {
    case "session":
      return payer.tree;
    case "agent":
      return agent ?? payer.agent;
    case "requester":
      return payer.requester ?? "";
    case "fleet":
      return "";
  }
}

/** What counts now, and when the oldest of it has fallen out far enough that the amount fits again. */
function usageOf(limit: LimitRow, entries: readonly Spent[], now: number): Usage {
  const { window } = limit;
  const counting = window === null ? entries : entries.filter((entry) => countsUntil(entry.bucket, window) > now);
  const used = counting.reduce((sum, entry) => sum + entry.amount, 0n);
  const never = window === null || limit.amount > limit.n;
  return { used, admits_at: never ? null : admitsAt(limit, window, counting, used, now) };
}

function admitsAt(limit: LimitRow, window: number, counting: readonly Spent[], used: bigint, now: number): number {
  let left = used;
  let at = now;
  for (const entry of counting) {
    if (left + limit.amount <= limit.n) return at;
    left -= entry.amount;
    at = countsUntil(entry.bucket, window);
  }
  return at;
}
