/**
 * A session with all that were opened below it, in memory: what the edge's object for it knows, without the edge. The
 * whole tree is one state. Only what is admitted changes it.
 */
import {
  type Action,
  canonicalArgs,
  type Decision,
  type JsonObject,
  type LimitRow,
  sameHolds,
  type State,
} from "../../engine/index.ts";
import { type Counts, counterOf, type Payer } from "./counts.ts";

export interface TreeStart {
  /** Of the root session. */
  readonly id: string;
  /** The actions of the table, whose types say which arguments are equal. */
  readonly actions: readonly Action[];
  /** UTC milliseconds. */
  readonly openedAt: number;
  readonly labels: readonly string[];
  readonly calls: number;
  readonly task: string | null;
  /** Shared with the other trees of the same test. */
  readonly counts: Counts;
  /** Members of the live sets that are known, by name. */
  readonly live: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Who asks, from which session of the tree, and when. */
export interface Asker {
  readonly agent: string;
  readonly requester: string | null;
  /** Only the session that nobody opened from another gains roles. */
  readonly isRoot: boolean;
  readonly now: number;
}

export interface SessionTree {
  readonly id: string;
  readonly openedAt: number;
  /** What `decide` reads. */
  state(asker: Asker, approved: (approval: string) => boolean): State;
  /** Adds labels: the session was given them, or an agent joined that starts with them. */
  give(labels: readonly string[]): void;
  gain(role: string, until: number): void;
  /** When the role's time was over, in UTC milliseconds; null where it was never gained or still counts. */
  endOf(role: string, now: number): number | null;
  /** Remembers an action that was admitted at `at`. Its arguments must be without faults. */
  remember(action: string, args: JsonObject, at: number): void;
  /** Takes over what an admitted call does: counts, sums, labels. What isn't allowed changes nothing. */
  admit(decision: Decision, call: { readonly action: string; readonly args: JsonObject }, asker: Asker): void;
}

interface Admitted {
  readonly action: string;
  /** Canonical JSON. */
  readonly args: string;
  readonly at: number;
}

export function openTree(start: TreeStart): SessionTree {
  const labels = new Set(start.labels);
  const roles = new Map<string, number>();
  const admitted: Admitted[] = [];
  const { counts, live } = start;
  let calls = start.calls;

  const payer = ({ agent, requester }: Asker): Payer => ({ tree: start.id, agent, requester });
  const tree: SessionTree = {
    id: start.id,
    openedAt: start.openedAt,
    state: (asker, approved) => ({
      now: asker.now,
      opened_at: start.openedAt,
      calls,
      labels: new Set(labels),
      roles: asker.isRoot ? namesValid(roles, asker.now) : new Set(),
      ...(start.task === null ? {} : { task: start.task }),
      did: (action, same, within) => admitted.some((past) => matches(past, action, same, within, asker.now)),
      live: (set, value) => live.get(set)?.has(value) ?? null,
      used: (limit) => counts.used(counterOf(limit, payer(asker)), limit, asker.now),
      approved,
    }),
    give: (more) => {
      for (const label of more) labels.add(label);
    },
    gain: (role, until) => void roles.set(role, until),
    endOf: (role, now) => {
      const until = roles.get(role);
      return until === undefined || until > now ? null : until;
    },
    remember: (name, args, at) => {
      const action = start.actions.find((one) => one.name === name);
      if (action !== undefined) admitted.push({ action: name, args: canonicalArgs(action, args), at });
    },
    admit: (decision, { action, args }, asker) => {
      if (decision.decision !== "allow") return;
      calls += 1;
      tree.remember(action, args, asker.now);
      spendOnce(counts, decision, payer(asker), asker.now);
      for (const label of decision.adds) labels.add(label);
      for (const label of decision.clears) labels.delete(label);
    },
  };
  return tree;
}

/** Two rows with one counter, of two roles or of two agents in a chain, are spent once. */
export function spendOnce(counts: Counts, decision: Decision, payer: Payer, now: number): void {
  const counters = new Map<string, LimitRow>(decision.spends.map(({ limit }) => [counterOf(limit, payer), limit]));
  for (const [counter, limit] of counters) counts.spend(counter, limit.window, limit.amount, now);
}

function namesValid(roles: ReadonlyMap<string, number>, now: number): ReadonlySet<string> {
  return new Set([...roles].filter(([, until]) => until > now).map(([role]) => role));
}

function matches(past: Admitted, action: string, same: string | null, within: number | null, now: number): boolean {
  if (past.action !== action || (within !== null && now - past.at > within)) return false;
  return sameHolds(same, past.args);
}
