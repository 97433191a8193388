/** Which records there are of an agent on a day (UTC), in the order in which the ledger took them. */
import type { TakenRecord } from "./read-line.ts";

/** Under this name stand the records of all agents, and those that concern none. */
export const ANYBODY = "";

/** @param leaf where the first of the records lies in the tree */
export function indexRun(sql: SqlStorage, leaf: number, records: readonly TakenRecord[]): void {
  const ranges = new Map<string, { agent: string; day: string; first: number; last: number }>();
  for (const { seq, day, agents } of records)
    for (const agent of [ANYBODY, ...agents]) {
      const key = `${day} ${agent}`;
      ranges.set(key, { agent, day, first: ranges.get(key)?.first ?? seq, last: seq });
    }
  for (const { agent, day, first, last } of ranges.values())
    sql.exec(
      "INSERT INTO agent_days (agent, day, leaf, first, last) VALUES (?, ?, ?, ?, ?)",
      agent,
      day,
      leaf,
      first,
      last,
    );
}
