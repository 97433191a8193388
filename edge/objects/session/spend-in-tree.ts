/** Counts what a tree of sessions counts by itself: limits per session, once for all of it. In a transaction. */
import type { Spend } from "../../../engine/index.ts";
import { addCount } from "../../limits/count-store.ts";
import { onceACount } from "../../limits/once-a-count.ts";

export function spendInTree(sql: SqlStorage, spends: readonly Spend[], now: number): void {
  for (const { limit } of onceACount(spends.filter((spend) => spend.limit.per === "session")))
    addCount(sql, limit, limit.amount, now, now);
}
