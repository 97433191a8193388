/** What stands on a limit where nobody says when it was admitted: as if all of it had been just now. */
import { bucketOf, countsUntil, type LimitRow, type Usage } from "../../engine/index.ts";

export function statedUsage({ window, amount, n }: LimitRow, used: bigint, now: number): Usage {
  if (window === null || amount > n) return { used, admits_at: null };
  return { used, admits_at: used + amount <= n ? now : countsUntil(bucketOf(now, window), window) };
}
