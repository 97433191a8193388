/** Limits of one request: which are over, what is left, and when they admit again. */
import type { LimitStatus, Spend } from "../decision.ts";
import type { LimitRow } from "../remainder.ts";
import type { State, Usage } from "../state.ts";
import { FALSE, UNKNOWN } from "../formula/truth.ts";
import { formatDecimal } from "../values/decimal.ts";
import { collectUnknown, settle } from "./settle.ts";

export interface WeighedLimit {
  readonly row: LimitRow;
  /** Null where nobody can count it: then it is over. */
  readonly usage: Usage | null;
  readonly over: boolean;
  /** The same limit stands before it, on the same count: two agents of a chain both pay it, and it is paid once. */
  readonly again: boolean;
}

/** The limits that concern the request: every one that isn't false, unknown ones too. */
export function weighLimits(limits: readonly LimitRow[], state: State): readonly WeighedLimit[] {
  const weighed: WeighedLimit[] = [];
  for (const row of limits) {
    if ((row.role !== null && !state.roles.has(row.role)) || settle(row.holds, state) === FALSE) continue;
    const usage = state.used(row);
    const again = row.agent !== null && weighed.some((earlier) => isOneCount(earlier.row, row));
    weighed.push({ row, usage, over: usage === null || usage.used + row.amount > row.n, again });
  }
  return weighed;
}

/** One limit under one key; what counts for an agent counts for each by itself. */
function isOneCount(one: LimitRow, other: LimitRow): boolean {
  return one.id === other.id && one.key === other.key && (one.per !== "agent" || one.agent === other.agent);
}

/** The facts without which it isn't known whether a limit counts the request. */
export function unknownLimits(limits: readonly WeighedLimit[], state: State, facts: Set<string>): void {
  for (const { row, usage } of limits) {
    if (settle(row.holds, state) === UNKNOWN) collectUnknown(row.holds, state, facts);
    if (usage === null) facts.add(`count per ${row.per}`);
  }
}

export function statusOf({ row, usage, over }: WeighedLimit): LimitStatus {
  const tooLarge = row.amount > row.n;
  const left = usage === null ? 0n : row.n - usage.used;
  return {
    id: row.id,
    agent: row.agent,
    per: row.per,
    limit: formatDecimal(row.n),
    remaining: formatDecimal(left < 0n ? 0n : left),
    resets_at: tooLarge ? null : (usage?.admits_at ?? null),
    too_large: tooLarge ? formatDecimal(row.amount) : null,
    over,
  };
}

export function spendOf({ row, over }: WeighedLimit): Spend {
  return { limit: row, beyond: over };
}
