/**
 * Which limits sessions of the tree have met, so that their state can say what is left of each. They decide nothing, and
 * are so many at most: some have a count for each value of an argument, and whoever counts for others is asked for all.
 */
import { formatDecimal } from "../../../engine/index.ts";
import type { LimitRow, LimitStatus, Usage } from "../../../engine/index.ts";
import { shareKey } from "../../limits/holder.ts";
import type { Answer } from "../../rpc.ts";
import { firstRow } from "../../rows.ts";
import type { Member } from "./member.ts";

export const LIMITS_MET_SCHEMA = `
  CREATE TABLE IF NOT EXISTS limits_met (
    id TEXT NOT NULL, key TEXT NOT NULL, row TEXT NOT NULL, PRIMARY KEY (id, key)
  ) WITHOUT ROWID;
`;

const MOST = 100;

type Met = Pick<LimitRow, "id" | "agent" | "counter" | "key" | "per" | "window"> & { readonly n: string };

/** @param of the session that met them: `agent` of a stored one is null only where it is the root's agent */
export function noteLimitsMet(
  sql: SqlStorage,
  of: Member,
  limits: readonly LimitRow[],
  met: readonly LimitStatus[],
): void {
  for (const limit of limits) {
    if (!met.some(({ id, agent }) => id === limit.id && agent === limit.agent)) continue;
    const { id, counter, key, per, window } = limit;
    const whose = limit.agent ?? of.agent;
    const agent = whose === of.chain[0]?.agent ? null : whose;
    const row: Met = { id, agent, counter, key, per, window, n: limit.n.toString() };
    noteOne(sql, shareKey(row), key, JSON.stringify(row));
  }
}

function noteOne(sql: SqlStorage, id: string, key: string, row: string): void {
  const known = firstRow<{ row: string }>(sql, "SELECT row FROM limits_met WHERE id = ? AND key = ?", id, key);
  if (known === null && countMet(sql) >= MOST) return;
  if (known?.row !== row) sql.exec("INSERT OR REPLACE INTO limits_met (id, key, row) VALUES (?, ?, ?)", id, key, row);
}

/** Not by `count(*)`, for which a table that isn't there yet would be made and taken back. */
function countMet(sql: SqlStorage): number {
  return sql.exec("SELECT id FROM limits_met").toArray().length;
}

/** Those of the session's chain, as limits of amount zero: what is asked is only what is left. */
export function limitsMet(sql: SqlStorage, { chain }: Pick<Member, "chain">): readonly LimitRow[] {
  return sql
    .exec<{ row: string }>("SELECT row FROM limits_met ORDER BY id, key")
    .toArray()
    .map(({ row }) => {
      const { n, ...met } = JSON.parse(row) as Met;
      const blank = { role: null, amount: 0n, trial: false, via: null, text: "", holds: true as const };
      return { ...met, ...blank, n: BigInt(n) };
    })
    .filter(({ agent }) => agent === null || chain.some((link) => link.agent === agent));
}

/** A holder counts by its own clock, so that what isn't over may admit "again" a moment from now: no time to tell. */
export function statusOf(
  { agent, chain }: Pick<Member, "agent" | "chain">,
  limit: LimitRow,
  usage: Usage,
  now: number,
): Answer["limits"][number] {
  const left = limit.n - usage.used;
  const whose = limit.agent ?? chain[0]?.agent ?? agent;
  return {
    id: limit.id,
    ...(whose === agent || limit.per !== "agent" ? {} : { agent: whose }),
    limit: formatDecimal(limit.n),
    remaining: formatDecimal(left < 0n ? 0n : left),
    resets_at: left < 0n && usage.admits_at !== null && usage.admits_at > now ? usage.admits_at : null,
  };
}
