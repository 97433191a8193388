/**
 * What limits would have counted. A count that a record holds is taken as it stood, changed by what the tried policy
 * would have admitted otherwise; one that no record holds is counted over the log alone.
 */
import {
  type Decision,
  type Limit,
  type LimitRow,
  maySelect,
  type Policy,
  type Remainder,
  settle,
  type State,
  type Usage,
} from "../../engine/index.ts";
import { statedUsage } from "../explain/stated-usage.ts";
import { counterOf, type Counts, emptyCounts, type Payer } from "../test-runner/counts.ts";
import type { Suppose } from "./every-way.ts";
import { countName, type RecordedDecision } from "./recorded-decision.ts";

export interface ReplayedCounts {
  used(limit: LimitRow, asked: AskedCount, suppose: Suppose): Usage;
  /** What came of a request under the tried policy, and what came of it then. */
  spend(spent: Spent): void;
  /** What a request would have spent isn't known. */
  blur(action: string, payer: Payer, at: number): void;
  /** Texts of limits that were counted over the log alone. */
  readonly onlyHere: ReadonlySet<string>;
}

export interface AskedCount {
  readonly payer: Payer;
  readonly now: number;
  readonly recorded: RecordedDecision | null;
}

export interface Spent {
  readonly recorded: RecordedDecision | null;
  readonly payer: Payer;
  readonly at: number;
  readonly remainder: Remainder;
  readonly state: State;
  readonly again: Decision;
  /** Whether the tried policy would have admitted it, and whether it was admitted. */
  readonly admits: boolean;
  readonly admitted: boolean;
}

interface Blur {
  readonly action: string;
  readonly payer: Payer;
  readonly at: number;
}

export function replayCounts(policy: Policy): ReplayedCounts {
  const tried = emptyCounts();
  const then = emptyCounts();
  const blurs: Blur[] = [];
  const onlyHere = new Set<string>();
  const limits = new Map(policy.table.body.blocks.flatMap((block) => block.limits.map((limit) => [limit.id, limit])));
  const isBlurred = (limit: LimitRow, asked: AskedCount): boolean =>
    blurs.some((blur) => concerns(blur, limits.get(limit.id), limit, asked, policy));
  return {
    onlyHere,
    used: (limit, asked, suppose) => {
      const stood = asked.recorded?.facts?.counts.get(countName(limit.counter, limit.agent));
      if (stood !== undefined && asked.recorded?.policy === policy.table.hash)
        return statedUsage(limit, scaled(stood), asked.now);
      const counter = counterOf(limit, asked.payer);
      const here = tried.used(counter, limit, asked.now);
      const isOver = here.used + limit.amount > limit.n;
      if (isBlurred(limit, asked) && (stood !== undefined || !isOver)) {
        const most = suppose(`what \`${limit.text}\` had counted`) ? limit.n : 0n;
        return statedUsage(limit, most, asked.now);
      }
      if (stood === undefined) return here;
      const used = scaled(stood) + here.used - then.used(counter, limit, asked.now).used;
      return statedUsage(limit, used, asked.now);
    },
    spend: (spent) => {
      for (const text of uncounted(spent)) onlyHere.add(text);
      if (spent.admitted) spendRows(then, standing(spent), spent);
      if (spent.admits)
        spendRows(
          tried,
          spent.again.spends.map(({ limit }) => limit),
          spent,
        );
      if (spent.admitted && spent.remainder.denied !== null) blurs.push({ ...spent, action: spent.remainder.action });
    },
    blur: (action, payer, at) => void blurs.push({ action, payer, at }),
  };
}

/** Limits that had a say, and whose count no record holds. */
function uncounted({ recorded, remainder, again: { decision, reason, limits } }: Spent): readonly string[] {
  if (decision === "deny" && reason !== "limit_exceeded") return [];
  const met = remainder.limits.filter(({ id }) => limits.some((status) => status.id === id));
  const isCounted = ({ counter, agent }: LimitRow): boolean =>
    recorded?.facts?.counts.has(countName(counter, agent)) === true;
  return met.filter((limit) => !isCounted(limit)).map(({ text }) => text);
}

/** Those that counted it, where everything else admitted it. */
function standing({ remainder, state }: Spent): readonly LimitRow[] {
  return remainder.limits.filter(
    ({ trial, role, holds }) => !trial && (role === null || state.roles.has(role)) && settle(holds, state) !== false,
  );
}

/** Two rows with one counter are spent once. */
function spendRows(counts: Counts, rows: readonly LimitRow[], { payer, at }: Spent): void {
  const once = new Map(rows.map((row) => [counterOf(row, payer), row]));
  for (const [counter, { window, amount }] of once) counts.spend(counter, window, amount, at);
}

function concerns(
  blur: Blur,
  limit: Limit | undefined,
  row: LimitRow,
  { payer, now }: AskedCount,
  { table }: Policy,
): boolean {
  const action = table.body.actions.find(({ name }) => name === blur.action);
  if (limit === undefined || action === undefined || !maySelect(limit, action)) return false;
  if (row.window !== null && now - blur.at > 2 * row.window) return false;
  return counterOf({ ...row, key: "" }, payer) === counterOf({ ...row, key: "" }, blur.payer);
}

/** Canonical decimal text, of any size, times 10^6. */
function scaled(text: string): bigint {
  const [whole = "0", fraction = ""] = text.split(".");
  return BigInt(whole + fraction.padEnd(6, "0").slice(0, 6));
}
