/** Asks sessions what became of whatever was held for them for too long. */
import { withDeadline } from "../deadline.ts";
import type { SessionRpc, SettleOutput } from "../rpc.ts";
import { confirm, forgetSettled, oldestHeld, release, unsettled } from "./reservations.ts";

/** Longer than any request takes; nothing is asked about before. */
export const SETTLE_AFTER = 10_000;
const KEPT_FOR_REPEATS = 5 * 60_000;

/** Never throws: what can't be settled now stays as it is, and counts as spent. */
export async function settleHeld(
  sql: SqlStorage,
  now: () => number,
  session: (id: string) => SessionRpc,
): Promise<void> {
  const began = now();
  forgetSettled(sql, began - KEPT_FOR_REPEATS);
  for (const [id, reservations] of unsettled(sql, began - SETTLE_AFTER))
    await askFates(session(id), id, reservations, (reservation, fate, at) => {
      if (fate === "confirm") confirm(sql, id, reservation, at ?? now(), now());
      if (fate === "release") release(sql, id, reservation);
    });
}

/** When the next has been held for too long; null: nothing is held. */
export function nextSettling(sql: SqlStorage): number | null {
  const held = oldestHeld(sql);
  return held === null ? null : held + SETTLE_AFTER + 1;
}

export async function askFates(
  session: SessionRpc,
  id: string,
  reservations: readonly string[],
  apply: (reservation: string, fate: SettleOutput["fates"][number], at: number | null) => void,
): Promise<void> {
  try {
    const output = await withDeadline(session.settle({ reservations }), SETTLE_AFTER);
    for (const [index, reservation] of reservations.entries())
      apply(reservation, output.fates[index] ?? "open", output.at[index] ?? null);
  } catch (cause) {
    console.warn("a session can't be asked what became of it", { session: id, cause: String(cause) });
  }
}
