/** How full a limit is where it is fullest: of all its keys the one of which most is used. */
import { rows } from "../rows.ts";
import type { CountedLimit } from "../rpc.ts";
import { readUsage } from "./count-store.ts";

/** Keys are values of arguments; beyond so many the rest isn't looked at. */
const MOST_KEYS = 1_000;

/** Scaled by 10^6; 0 where nothing was counted. */
export function fullest(sql: SqlStorage, { counter, window }: CountedLimit, now: number): bigint {
  const keys = rows<{ key: string }>(
    sql,
    "SELECT DISTINCT key FROM counts WHERE counter = ? LIMIT ?",
    counter,
    MOST_KEYS,
  );
  const blank = { id: "", role: null, agent: null, per: "agent", trial: false, via: null, text: "" } as const;
  const used = keys.map(
    ({ key }) => readUsage(sql, { ...blank, counter, key, window, amount: 0n, n: 0n, holds: true }, now).used,
  );
  return used.reduce((most, each) => (each > most ? each : most), 0n);
}
