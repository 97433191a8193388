/**
 * A session in memory, for policy tests: what the edge's objects know, without the edge. It starts with the agent's
 * labels and only what is admitted changes it. Limits per agent live in it too, since one test is one session of one
 * agent. Windows are counted in the engine's own buckets, so that a green test says something about production.
 */
import {
  type Action,
  bucketOf,
  canonicalArgs,
  countsUntil,
  type Decision,
  type JsonObject,
  type LimitRow,
  sameHolds,
  type State,
  type Usage,
} from "../../engine/index.ts";

export interface SessionStart {
  /** The actions of the table, whose types say which arguments are equal. */
  readonly actions: readonly Action[];
  /** UTC milliseconds; the clock of a test stands still. */
  readonly now: number;
  /** UTC milliseconds; before `now` where the session is older. */
  readonly openedAt: number;
  readonly labels: readonly string[];
  readonly calls: number;
  readonly task: string | null;
}

export interface TestSession {
  /** What `decide` reads; `approved` says whether every approval that a call needs is given. */
  state(approved: boolean): State;
  /** Adds a label, as `given session has L` does. */
  give(label: string): void;
  /** Counts amounts that were admitted at `at`, as a stated session history does. */
  spend(limit: Pick<LimitRow, "counter" | "key" | "window">, amount: bigint, at: number): void;
  /** Remembers an action that was admitted at `at`. Its arguments must be without faults. */
  remember(action: string, args: JsonObject, at: number): void;
  /** Takes over what an admitted call does: counts, sums, labels. A call that isn't allowed changes nothing. */
  admit(decision: Decision, action: string, args: JsonObject): void;
}

interface Spent {
  /** Where the window is null, 0 to the end of the session. */
  readonly bucket: number;
  amount: bigint;
}

interface Admitted {
  readonly action: string;
  /** Canonical JSON. */
  readonly args: string;
  readonly at: number;
}

export function openSession(start: SessionStart): TestSession {
  const labels = new Set(start.labels);
  const spent = new Map<string, Spent[]>();
  const admitted: Admitted[] = [];
  let calls = start.calls;

  const session: TestSession = {
    state: (approved) => ({
      now: start.now,
      opened_at: start.openedAt,
      calls,
      labels: new Set(labels),
      roles: new Set(),
      ...(start.task === null ? {} : { task: start.task }),
      did: (action, same, within) => admitted.some((past) => matches(past, action, same, within, start.now)),
      live: () => null,
      used: (limit) => usage(limit, spent.get(counterKey(limit)) ?? [], start.now),
      approved: () => approved,
    }),
    give: (label) => void labels.add(label),
    spend: (limit, amount, at) => addAmount(spent, limit, amount, at),
    remember: (name, args, at) => {
      const action = start.actions.find((one) => one.name === name);
      if (action !== undefined) admitted.push({ action: name, args: canonicalArgs(action, args), at });
    },
    admit: (decision, action, args) => {
      if (decision.decision !== "allow") return;
      calls += 1;
      session.remember(action, args, start.now);
      // Two limits that differ in nothing but N share a count: it is added to once.
      const counters = new Map(decision.spends.map(({ limit }) => [counterKey(limit), limit]));
      for (const limit of counters.values()) session.spend(limit, limit.amount, start.now);
      for (const label of decision.adds) labels.add(label);
      for (const label of decision.clears) labels.delete(label);
    },
  };
  return session;
}

function counterKey(limit: Pick<LimitRow, "counter" | "key">): string {
  return `${limit.counter} ${limit.key}`;
}

function addAmount(
  spent: Map<string, Spent[]>,
  limit: Pick<LimitRow, "counter" | "key" | "window">,
  amount: bigint,
  at: number,
): void {
  const key = counterKey(limit);
  const entries = spent.get(key) ?? [];
  const bucket = limit.window === null ? 0 : bucketOf(at, limit.window);
  const entry = entries.find((one) => one.bucket === bucket);
  if (entry === undefined)
    spent.set(
      key,
      [...entries, { bucket, amount }].sort((a, b) => a.bucket - b.bucket),
    );
  else entry.amount += amount;
}

/** What counts now, and when the oldest of it has fallen out far enough that the amount fits again. */
function usage(limit: LimitRow, entries: readonly Spent[], now: number): Usage {
  const { window } = limit;
  const counting = window === null ? entries : entries.filter((entry) => countsUntil(entry.bucket, window) > now);
  const used = counting.reduce((sum, entry) => sum + entry.amount, 0n);
  return {
    used,
    admits_at: window === null || limit.amount > limit.n ? null : admitsAt(limit, window, counting, used, now),
  };
}

function admitsAt(limit: LimitRow, window: number, counting: readonly Spent[], used: bigint, now: number): number {
  let left = used;
  let at = now;
  for (const entry of counting) {
    if (left + limit.amount <= limit.n) return at;
    left -= entry.amount;
    at = countsUntil(entry.bucket, window);
  }
  return at;
}

function matches(past: Admitted, action: string, same: string | null, within: number | null, now: number): boolean {
  if (past.action !== action || (within !== null && now - past.at > within)) return false;
  return sameHolds(same, past.args);
}
