/**
 * Records of a day by the ledger's index, in the order in which each shard took them. A position holds one leaf for each
 * shard, so that what is taken later is found behind it.
 */
import { ledgerShard } from "../objects/env.ts";
import { type FoundRun, SHARDS } from "../rpc.ts";
import { askObject } from "./ask-object.ts";
import type { AppContext } from "./context.ts";
import { readLog } from "./records.ts";

/** The next leaf of each shard. */
export type Position = readonly number[];

export const START: Position = Array.from({ length: SHARDS }, () => 0);

export interface Wanted {
  /** Null: everybody's, and what concerns nobody. */
  readonly agent: string | null;
  readonly day: string;
  readonly limit: number;
}

export interface Found {
  /** Canonical JSON, as `readLog` gives it. */
  readonly lines: readonly string[];
  readonly position: Position;
  readonly more: boolean;
}

/** Runs that are found at a time; one was handed over in one call. */
const AT_ONCE = 10;
/** Characters, of arguments mostly: the records of ten runs with long ones wouldn't fit into a Worker. */
const MOST_TEXT = 4 * 1024 * 1024;

/** A few more than `limit` where one run has them, fewer where they are long. */
export async function findRecords(c: AppContext, wanted: Wanted, from: Position): Promise<Found> {
  const position = [...from];
  const lines: string[] = [];
  let text = 0;
  for (const shard of position.keys()) {
    for (let done = false; !done; ) {
      const { agent, day } = wanted;
      const start = position[shard] ?? 0;
      const ask = { agent, day, from: start, limit: AT_ONCE };
      const { found, size } = await askObject(() => ledgerShard(c.env, shard).find(ask));
      for (const run of found) {
        if (lines.length >= wanted.limit || text > MOST_TEXT) return { lines, position, more: true };
        const read = await readRun(c, wanted, run);
        lines.push(...read);
        text += read.reduce((sum, line) => sum + line.length, 0);
        position[shard] = run.leaf + 1;
      }
      done = found.length < AT_ONCE;
      if (done) position[shard] = Math.max(start, size);
    }
  }
  return { lines, position, more: false };
}

/** Among the records of a run may be some of other days, or of other agents of the tree. */
async function readRun(c: AppContext, wanted: Wanted, { log, first, last }: FoundRun): Promise<readonly string[]> {
  const lines: string[] = [];
  for (let after = first - 1; after < last; ) {
    const page = await readLog(c, log, after, last - after);
    lines.push(...page.lines);
    if (!page.more && page.last < last) break;
    after = page.last;
  }
  return lines.filter((line) => isWanted(line, wanted));
}

function isWanted(line: string, { agent, day }: Wanted): boolean {
  const { record } = JSON.parse(line) as { record: { at: string; agent: string | null; chain: readonly string[] } };
  return record.at.startsWith(day) && (agent === null || record.agent === agent || record.chain.includes(agent));
}
