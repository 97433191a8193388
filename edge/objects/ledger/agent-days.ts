/** Which records there are of an agent on a day (UTC), in the order in which the ledger took them. */
import { rows } from "../../rows.ts";
import type { FindInput, FoundRun } from "../../rpc.ts";
import type { TakenRecord } from "./read-line.ts";

/** Under this name stand the records of all agents, and those that concern none. */
const ANYBODY = "";
const MOST_FOUND = 500;

/** @param leaf where the first of the records lies in the tree */
export function indexRun(sql: SqlStorage, leaf: number, records: readonly TakenRecord[]): void {
  const ranges = new Map<string, { agent: string; day: string; first: number; last: number }>();
  for (const { seq, day, agents } of records)
    for (const agent of [ANYBODY, ...agents]) {
      const key = `${day} ${agent}`;
      ranges.set(key, { agent, day, first: ranges.get(key)?.first ?? seq, last: seq });
    }
  const query = "INSERT INTO agent_days (agent, day, leaf, first, last) VALUES (?, ?, ?, ?, ?)";
  for (const { agent, day, first, last } of ranges.values()) sql.exec(query, agent, day, leaf, first, last);
}

export function findRuns(sql: SqlStorage, { agent, day, from, limit }: FindInput): readonly FoundRun[] {
  return rows<FoundRun>(
    sql,
    `SELECT agent_days.leaf AS leaf, runs.log AS log, agent_days.first AS first, agent_days.last AS last
     FROM agent_days JOIN runs ON runs.leaf = agent_days.leaf
     WHERE agent_days.agent = ? AND agent_days.day = ? AND agent_days.leaf >= ? ORDER BY agent_days.leaf LIMIT ?`,
    agent ?? ANYBODY,
    day,
    from,
    Math.min(Math.max(1, limit), MOST_FOUND),
  );
}
