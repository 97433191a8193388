/** Counts what a tree of sessions counts by itself: limits per session, once for all of it. In a transaction. */
import type { Spend } from "../../../engine/index.ts";
import { addCounts } from "../../limits/count-store.ts";
import { onceACount } from "../../limits/once-a-count.ts";

export function spendInTree(sql: SqlStorage, spends: readonly Spend[], now: number): void {
  const own = onceACount(spends.filter((spend) => spend.limit.per === "session"));
  addCounts(
    sql,
    own.map(({ limit }) => limit),
    now,
    now,
  );
}
